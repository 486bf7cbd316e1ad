"""The shape of two policies to compare, and of what one gives and the other does not."""

from rest_framework import serializers

from policybuilder.domain.access.doubts import Doubt
from policybuilder.domain.access.evaluation import Project
from policybuilder.domain.access.new_access import NewAccess
from policybuilder.domain.catalog.entries import Level

from ..fields import Choice, JsonObject, Shape, StrictSerializer, labelled
from .shared import choice_of, text_list

_LEVEL = "XA or AX, of that policy. Without it, the role's type or the services decide."


class CompareSerializer(StrictSerializer):
    before = JsonObject(help_text="The policy as it was: a document, or the role that it stands in.")
    after = JsonObject(help_text="The policy as it is to be, in the same form.")
    before_level = Choice(choices=labelled(Level), required=False, help_text=_LEVEL)
    after_level = Choice(choices=labelled(Level), required=False, help_text=_LEVEL)


class DifferenceSerializer(Shape):
    operations = text_list(help_text="Their ids.")
    actions = text_list(help_text="Those behind the operations and others. A wildcard reaches beyond the other policy.")


class WitnessSerializer(Shape):
    action = serializers.CharField(help_text="The action that the request needs.")
    known = serializers.BooleanField(help_text="Whether the catalogue has it; else one of the policies names it.")
    project = choice_of(Project, help_text="Where the call is made.")
    context = serializers.DictField(  # type: ignore[assignment]
        child=serializers.ListField(child=serializers.CharField()),
        help_text="Key -> its values; none: the request must lack the key. Other keys do not matter.",
    )


class ComparisonSerializer(Shape):
    no_new_access = serializers.BooleanField(
        help_text="true: it is proven that whatever the policy after allows, the one before allowed."
    )
    new_access = choice_of(
        NewAccess,
        help_text="no: proven, as no_new_access says. yes: a request is known that is new. not_proven: neither.",
    )
    gained = DifferenceSerializer(help_text="What may be allowed after and was not before.")
    lost = DifferenceSerializer(help_text="The other way round. Under conditions, an action can be in both.")
    no_longer_denied = text_list(help_text="Beside other policies that allow them, a Deny that goes can open these.")
    witness = WitnessSerializer(
        allow_null=True, help_text="A request that is allowed after and refused before, with new_access yes; else null."
    )
    reasons = serializers.ListField(
        child=choice_of(Doubt),
        help_text="Why new_access is not_proven. None: a wildcard may match more than the actions of today.",
    )
    levels = serializers.ListField(
        child=serializers.CharField(allow_null=True),
        help_text="The level of the policy before and after. null: no level is certain, so the policy counts at both.",
    )
