"""Serializer fields that take exactly what they say: a number is no text, and true is no number."""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, ClassVar, cast

from django.core.validators import ProhibitNullCharactersValidator
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.validators import ProhibitSurrogateCharactersValidator

MAX_ENTRIES = 5000

# What the serializers here are: declarations of shapes, never given an instance. Where one has a field by the name of
# an attribute of DRF (source, context), mypy is told to pass over it: DRF takes the fields out of the class.
Shape = serializers.Serializer[None]

_CHARACTERS = (ProhibitNullCharactersValidator, ProhibitSurrogateCharactersValidator)


def labelled(enum: type[StrEnum]) -> list[tuple[str, str]]:
    """The choices of an enum in the form by which the schema knows it again."""
    return [(member.value, member.name) for member in enum]


def kind_of(value: Any) -> str:
    """What a JSON value is, in words."""
    match value:
        case None:
            return "null"
        case bool():
            return "true or false"
        case int() | float():
            return "a number"
        case str():
            return "a text"
        case list():
            return "a list"
    return "an object"


def wrong_type(what: str, value: Any) -> ValidationError:
    return ValidationError(f"This is {kind_of(value)}; {what} was expected.", code="wrong_type")


class Text(serializers.CharField):
    """A text as it was sent: nothing is trimmed, nothing but a text is taken."""

    default_error_messages: ClassVar = {
        "blank": "This is empty; a text was expected.",
        "max_length": "This has more than {max_length} characters.",
        "required": "This is missing.",
    }

    def __init__(self, **kwargs: Any):
        super().__init__(trim_whitespace=False, **kwargs)

    def run_validation(self, data: Any = serializers.empty) -> Any:
        if data is not serializers.empty and not isinstance(data, str):
            raise wrong_type("a text", data)
        return super().run_validation(data)


class AnyText(Text):
    """A text that is looked at as it was pasted: it may be empty, and hold what no other text may."""

    def __init__(self, **kwargs: Any):
        super().__init__(allow_blank=True, **kwargs)
        self.validators = [v for v in self.validators if not isinstance(v, _CHARACTERS)]


@extend_schema_field({"type": "object", "additionalProperties": True})
class JsonObject(serializers.Field[Any, Any, Any, Any]):
    """An object of any content, which the domain looks into."""

    def run_validation(self, data: Any = serializers.empty) -> Any:
        if data is not serializers.empty and not isinstance(data, dict):
            raise wrong_type("an object", data)
        return super().run_validation(data)

    def to_internal_value(self, data: Any) -> Any:
        return data


class Choice(serializers.ChoiceField):
    """One of a few texts."""

    def run_validation(self, data: Any = serializers.empty) -> Any:
        if data is serializers.empty:
            return super().run_validation(data)
        if not isinstance(data, str):
            raise wrong_type("a text", data)
        if data not in self.choices:
            known = ", ".join(self.choices)
            raise ValidationError(f"{data[:80]!r} is not known here. Allowed: {known}.", code="unknown_value")
        return data


class WholeNumber(serializers.IntegerField):
    """A whole number in a query string, from 1 on, in plain digits."""

    def __init__(self, *, most: int | None = None, **kwargs: Any):
        super().__init__(min_value=1, max_value=most, **kwargs)
        self._most = most

    def to_internal_value(self, data: Any) -> int:
        number = int(data) if re.fullmatch("[0-9]{1,9}", data) else 0
        if number < 1 or (self._most and number > self._most):
            allowed = f"from 1 to {self._most}" if self._most else "from 1 on"
            raise ValidationError(f"{data[:80]!r} is not allowed. Allowed: whole numbers {allowed}.", "unknown_value")
        return number


class TextList(serializers.ListField):
    """A list of texts. Its length is looked at first, so that a flood of wrong entries costs nothing."""

    def __init__(self, *, most: int = MAX_ENTRIES, max_length: int, **kwargs: Any):
        super().__init__(child=Text(max_length=max_length), max_length=most, **kwargs)

    def run_validation(self, data: Any = serializers.empty) -> Any:
        if data is not serializers.empty and not isinstance(data, list):
            raise wrong_type("a list", data)
        _refuse_flood(data, self.max_length)
        return super().run_validation(data)


class Entries(serializers.ListField):
    """A list of objects, each of the shape of `child`. As with TextList, its length is looked at first."""

    def __init__(self, *, child: "StrictSerializer", most: int, **kwargs: Any):
        super().__init__(child=child, max_length=most, **kwargs)

    def run_validation(self, data: Any = serializers.empty) -> Any:
        if data is not serializers.empty and not isinstance(data, list):
            raise wrong_type("a list", data)
        _refuse_flood(data, self.max_length)
        return super().run_validation(data)


class TextLists(serializers.DictField):
    """An object whose values are lists of texts."""

    def __init__(self, *, most: int = MAX_ENTRIES, **kwargs: Any):
        super().__init__(**kwargs)
        self._most = most

    def run_validation(self, data: Any = serializers.empty) -> Any:
        if data is not serializers.empty and not isinstance(data, dict):
            raise wrong_type("an object", data)
        _refuse_flood(data, self._most)
        return super().run_validation(data)


class StrictSerializer(Shape):
    """A serializer that refuses keys it does not know, and names the ones it does."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, Mapping):
            raise ValidationError({"non_field_errors": wrong_type("an object", data).detail})
        errors: dict[str, Any] = {}
        for key in data:
            if key not in self.fields:
                message = f"{key[:80]!r} is not known here. Known: {', '.join(self.fields)}."
                errors[key] = [ErrorDetail(message, code="unknown_key")]
        try:
            values = super().to_internal_value(data)
        except ValidationError as error:
            errors |= cast("dict[str, Any]", error.detail)
        if errors:
            raise ValidationError(errors)
        return values


def _refuse_flood(data: Any, most: int | None) -> None:
    if data is not serializers.empty and most is not None and len(data) > most:
        raise ValidationError(f"This has {len(data)} entries; {most} at most are taken.", code="too_many")
