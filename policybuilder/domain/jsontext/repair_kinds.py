"""The kinds of repairs, in which words each is told, and which of them need consent."""

from enum import StrEnum
from typing import NamedTuple

from policybuilder.domain.findings import Plural, Template, Wording


class RepairKind(StrEnum):
    BOM = "bom"
    FENCE = "fence"
    SPACES = "spaces"
    COMMENTS = "comments"
    TYPOGRAPHIC_QUOTES = "typographic-quotes"
    SINGLE_QUOTES = "single-quotes"
    FULL_WIDTH = "full-width"
    BARE_KEYS = "bare-keys"
    PYTHON_LITERALS = "python-literals"
    TRAILING_COMMA = "trailing-comma"
    MISSING_COMMA = "missing-comma"
    SURPLUS_COMMAS = "surplus-commas"
    SEMICOLONS = "semicolons"
    MISSING_QUOTES = "missing-quotes"
    SEVERAL_ACTIONS = "several-actions"
    INVISIBLE_CHARACTERS = "invisible-characters"
    SURPLUS_BRACKETS = "surplus-brackets"
    SEVERAL_POLICIES = "several-policies"
    UNCLOSED_TEXT = "unclosed-text"
    BROKEN_STRING = "broken-string"
    MISSING_BRACKETS = "missing-brackets"
    CUT_OFF = "cut-off"
    LINE_BREAK = "line-break"
    MISSING_BRACKET = "missing-bracket"
    # what a policy was wrapped in
    MAIL_QUOTES = "mail-quotes"
    ENTITIES = "entities"
    TERRAFORM = "terraform"
    COMMAND = "command"
    ESCAPED = "escaped"
    POLICY_STRING = "policy-string"
    AROUND = "around"
    AROUND_UNCLEAR = "around-unclear"


NEEDS_CONSENT = frozenset(
    {
        RepairKind.UNCLOSED_TEXT,
        RepairKind.CUT_OFF,
        RepairKind.LINE_BREAK,
        RepairKind.MISSING_BRACKET,
        RepairKind.AROUND_UNCLEAR,
    }
)


class RepairWording(NamedTuple):
    """The templates of a kind. `what` is what the place calls for, `n` the number of places of a repair with several.

    `problem` and `hint` are those of the fault that stands in place of a repair that was refused. `many` is set where
    all places of a kind are one repair.
    """

    done: str
    problem: str
    hint: str
    many: str = ""

    @property
    def fault(self) -> Wording:
        return Wording(self.problem, self.hint)

    @property
    def template(self) -> Template:
        return Plural(self.done, self.many) if self.many else self.done


WORDING = {
    RepairKind.BOM: RepairWording(
        "Removed an invisible mark (BOM) in front of the text.",
        "An invisible mark (BOM) stands in front of the text.",
        "Remove it: save the file as UTF-8 without BOM.",
    ),
    RepairKind.FENCE: RepairWording(
        "Removed the code fence and any text {what} it.",
        "A code fence is no part of a policy.",
        "Remove this line and any text {what} it.",
    ),
    RepairKind.SPACES: RepairWording(
        "Removed a non-breaking or invisible space, or replaced it by an ordinary one.",
        "A non-breaking or invisible space stands here.",
        "Replace it by an ordinary space.",
        many="Removed non-breaking or invisible spaces in {n} places, or replaced them by ordinary ones.",
    ),
    RepairKind.COMMENTS: RepairWording(
        "Removed a comment.",
        "A comment stands here; JSON has none.",
        "Remove it.",
        many="Removed {n} comments.",
    ),
    RepairKind.TYPOGRAPHIC_QUOTES: RepairWording(
        'Replaced the typographic quotes of a text by straight ones (").',
        'A typographic quote stands here instead of a straight one (").',
        'Write " instead.',
        many='Replaced the typographic quotes of {n} texts by straight ones (").',
    ),
    RepairKind.SINGLE_QUOTES: RepairWording(
        'Replaced the single quotes of a text by double ones (").',
        'A single quote stands here instead of a double one (").',
        'Write " instead.',
        many='Replaced the single quotes of {n} texts by double ones (").',
    ),
    RepairKind.FULL_WIDTH: RepairWording(
        "Replaced full-width punctuation in one place.",
        "Full-width punctuation stands here instead of the ordinary one.",
        "Write {what} instead.",
        many="Replaced full-width punctuation in {n} places.",
    ),
    RepairKind.BARE_KEYS: RepairWording(
        "Put a key in double quotes.",
        "The key {what} has no quotes.",
        "Put it in double quotes.",
        many="Put {n} keys in double quotes.",
    ),
    RepairKind.PYTHON_LITERALS: RepairWording(
        "Replaced True, False or None by its name in JSON in one place.",
        "This is Python; JSON writes {what}.",
        "Write {what} instead.",
        many="Replaced True, False or None by their names in JSON in {n} places.",
    ),
    RepairKind.TRAILING_COMMA: RepairWording(
        "Removed the comma before {what}.",
        "A comma stands here with nothing between it and {what}.",
        "Remove the comma, or add what is missing after it.",
    ),
    RepairKind.MISSING_COMMA: RepairWording(
        "Added a missing comma.",
        "A comma or {what} is missing here.",
        "Add it.",
    ),
    RepairKind.SURPLUS_COMMAS: RepairWording(
        "Removed a comma that nothing stands before.",
        "A comma stands here with nothing before it.",
        "Remove it, or add what is missing before it.",
        many="Removed {n} commas that nothing stands before.",
    ),
    RepairKind.SEMICOLONS: RepairWording(
        "Replaced a semicolon by a comma, or removed it at an end.",
        "A semicolon stands here; JSON has none.",
        "{what}",
        many="Replaced {n} semicolons by commas, or removed them at an end.",
    ),
    RepairKind.MISSING_QUOTES: RepairWording(
        'Added the missing quotes (") of {what}.',
        "{what} has no quotes, or only one.",
        "Put it in double quotes.",
        many='Added the missing quotes (") of {n} texts.',
    ),
    RepairKind.SEVERAL_ACTIONS: RepairWording(
        "Wrote each action of a text in quotes of its own: {what}.",
        "The text that begins here is not one action on one line.",
        "Write each action in quotes of its own: {what}.",
    ),
    RepairKind.INVISIBLE_CHARACTERS: RepairWording(
        "Removed invisible characters from {what}.",
        "An invisible character stands in {what}.",
        "Type it anew.",
        many="Removed invisible characters from {n} texts.",
    ),
    RepairKind.SURPLUS_BRACKETS: RepairWording(
        "Removed {what} after the end of the policy.",
        "The policy ends before this {what}.",
        "Remove it, or check the brackets before it.",
    ),
    RepairKind.SEVERAL_POLICIES: RepairWording(
        "Made a list of the {what} policies in the text; nothing between them was kept.",
        "Another policy begins here; side by side they are no JSON.",
        "Put them in a list, with commas between them: [{{…}}, {{…}}].",
    ),
    RepairKind.UNCLOSED_TEXT: RepairWording(
        "Closed a text at the end of its line, though it may end elsewhere.",
        "The text that begins here, {what}, is not closed on its line.",
        'Write " where it ends. Most likely that is at the end of the line.',
    ),
    RepairKind.BROKEN_STRING: RepairWording(
        "Joined an action that was broken over two lines.",
        "The action that begins here is broken over two lines.",
        'Write it on one line, or close it with ".',
    ),
    RepairKind.MISSING_BRACKETS: RepairWording(
        "Added {what} at the end.",
        "The text ends here, but {what} is missing.",
        "Add {what}, or paste the rest of the text.",
    ),
    RepairKind.CUT_OFF: RepairWording(
        "Ended the text with {what}, though some of it may be missing.",
        "The text ends here before its brackets are closed: text may be missing.",
        "Paste the rest of it. If nothing is missing, end it with {what}.",
    ),
    RepairKind.LINE_BREAK: RepairWording(
        "Joined a text that was broken over two lines.",
        "The text that begins here is broken over two lines: whether a space stood there is not clear.",
        "Write it on one line, as {what}.",
    ),
    RepairKind.MISSING_BRACKET: RepairWording(
        "Added a missing {what}, though it may belong elsewhere.",
        "{what} is missing before this.",
        "Add it where it belongs. Most likely that is right before it.",
    ),
    # what a policy was wrapped in
    RepairKind.MAIL_QUOTES: RepairWording(
        "Removed the marks of a quoted mail (>) in front of the lines.",
        "The mark of a quoted mail (>) stands in front of this line.",
        "Remove it, here and in front of the lines that follow.",
    ),
    RepairKind.ENTITIES: RepairWording(
        "Replaced HTML entities, such as &quot;, by the characters that they stand for.",
        "An HTML entity stands here in place of a quote.",
        "Copy the text from the page as it is shown, not from its source.",
    ),
    RepairKind.TERRAFORM: RepairWording(
        "{what}",
        "This is Terraform and no JSON.",
        "Paste the policy by itself, as JSON.",
    ),
    RepairKind.COMMAND: RepairWording(
        "Took the data out of a curl command; the rest of the command is left out.",
        "This is a command and no JSON.",
        "Paste what the command sends by itself.",
    ),
    RepairKind.ESCAPED: RepairWording(
        "Took the policy out of the string in which it was written, with a backslash before its quotes.",
        "The quotes of the policy have backslashes before them.",
        "Paste the policy as it was before it was put into a string.",
    ),
    RepairKind.POLICY_STRING: RepairWording(
        "Read the policy that a role holds as a string of JSON.",
        "The role holds its policy as a string of JSON.",
        "Write the policy itself as the value, without quotes around it.",
    ),
    RepairKind.AROUND: RepairWording(
        "Left out the text around the policy.",
        "Text that is no part of the policy stands here.",
        "Remove what stands before and after the policy.",
    ),
    RepairKind.AROUND_UNCLEAR: RepairWording(
        "Left out the text around the policy, though it may say what is to be allowed.",
        "The text around the policy may say what it is to allow: look at {what}.",
        "Put what it says into the policy, or remove the text if the policy stands without it.",
    ),
}
