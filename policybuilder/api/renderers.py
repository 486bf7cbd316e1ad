"""How an answer is written: as JSON that can always be encoded."""

from typing import Any

from rest_framework.renderers import JSONRenderer


class SafeJSONRenderer(JSONRenderer):
    """JSON in UTF-8. What a policy holds that has no UTF-8 (half of a surrogate pair) comes back as it was escaped."""

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        try:
            return super().render(data, accepted_media_type, renderer_context)
        except UnicodeEncodeError:
            return _AsciiRenderer().render(data, accepted_media_type, renderer_context)


class _AsciiRenderer(JSONRenderer):
    ensure_ascii = True
