"""Where the builder's links lead: the same draft here, and the other pages about it."""

from django.utils.functional import cached_property

from policybuilder.domain.building.bounds import excess
from policybuilder.domain.catalog.entries import Level
from policybuilder.drafts.addresses import View, address
from policybuilder.drafts.carrying import Carried
from policybuilder.drafts.draft import Draft
from policybuilder.drafts.link import MAX_LINK, encode
from policybuilder.web.wording import file_name, policy_name

NEARLY_FULL = MAX_LINK * 85 // 100
OPERATION = 12  # characters of a link that one more operation takes, as a rule

_WAYS_ON = {
    "access": "Access",
    "compare": "Compare",
    "sheet": "Acceptance sheet",
    "picture": "Picture",
    "refused": "Refused call",
    "next": "What now",
}


class Links:
    """Addresses of one draft. `token` is the draft as addresses and forms hold it."""

    def __init__(self, draft: Draft, view: View, previous: Draft | None):
        self._draft = draft
        self._view = view
        self._previous = previous

    @cached_property
    def token(self) -> str:
        return encode(self._draft)

    @cached_property
    def previous_token(self) -> str | None:
        return None if self._previous is None else encode(self._previous)

    @cached_property
    def linkable(self) -> bool:
        """Whether an address holds the draft, and can be opened."""
        return len(self.token) <= MAX_LINK and not excess(self._draft.blocks)

    @property
    def carried(self) -> Carried:
        """The draft as it goes along to other pages, and the way back to what of it is shown."""
        return Carried.of(self.token, self.here) if self.linkable else Carried()

    @property
    def room(self) -> str:
        """What is to be said of the room in the link, "" while there is plenty of it."""
        left = MAX_LINK - len(self.token)
        if left < 0:
            return (
                "This draft is too large for a link: the address and the links to other pages cannot hold it, only "
                "this tab does. As a file it is kept, and can be sent on."
            )
        if len(self.token) < NEARLY_FULL:
            return ""
        more = left // OPERATION
        room = f"there is room for about {more} more operations" if more else "the next operation may be too much"
        return f"The link is nearly full: {room}. Beyond that, only a file keeps the draft."

    @property
    def here(self) -> str:
        """Without the draft where an address does not hold it: better none than an older one."""
        return address(self._draft if self.linkable else Draft(), self._view)

    @property
    def here_from(self) -> str:
        """The address with what the draft was before, for a browser without JavaScript to undo the change, where it has
        room for both."""
        before = self.previous_token
        fits = before is not None and len(before) + len(self.token) <= MAX_LINK
        return address(self._draft, self._view, **{"from": before or ""} if fits else {})

    def policy_name(self, level: Level | None) -> str:
        return policy_name(self._draft.name, level)

    def file_of(self, level: Level | None) -> str:
        return file_name(self.policy_name(level))

    def download_of(self, level: Level | None) -> str:
        """Of the policy of that level, where there are several."""
        if level is None:
            return address(self._draft, name="download")
        return address(self._draft, name="download", level=level.value)

    @property
    def split(self) -> str:
        return address(self._draft, name="split")

    @property
    def shorten(self) -> str:
        return address(self._draft, name="shorten")

    @property
    def causes(self) -> str:
        """Those of the statement that is shown: what can be done about them is done there."""
        return address(self._draft, View(at=self._view.at), name="causes")

    @property
    def ways_on(self) -> tuple[tuple[str, str], ...]:
        """Title and address of the pages about this draft."""
        return tuple((title, address(self._draft, name=name)) for name, title in _WAYS_ON.items())
