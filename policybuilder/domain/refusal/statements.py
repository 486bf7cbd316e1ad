"""The statement that a call sends, where its address takes any: `{"sql": "CREATE VIEW v AS SELECT 1"}`.

Its verb and the kind of its object say which action it needs. Only what the vendor's pages say of a statement counts:
of others, such as `USE db` or `DROP VIEW v`, nothing is known.
Sources: DLI API Reference, "Submitting a SQL Job", and its table of supported actions; DLI SQL Syntax Reference, "Data
Permissions List" and the syntax of each statement.
"""

import re

_SENT = re.compile(r"""\\?["'](?:sql|statement)\\?["']\s{0,8}:\s{0,8}\\?["'](?P<sql>[^"]{1,2000})""", re.IGNORECASE)
_ALONE = re.compile(
    r"""^[\s>"'`]{0,8}(?P<sql>
      (?:CREATE|DROP|ALTER|SHOW|DESC|DESCRIBE|SELECT|INSERT|UPDATE|DELETE|TRUNCATE|EXPLAIN|GRANT|REVOKE
      |LOAD(?=\ DATA)|WITH(?=\ \w{1,64}\ AS\ ?\())
      [ \t]{1,8}(?!https?:|v\d)[A-Za-z*`][^\n]{0,2000})""",
    re.VERBOSE | re.IGNORECASE | re.MULTILINE,
)
_ESCAPED = re.compile(r"\\+[nrt]")
_ASIDE = re.compile(r"(?P<value>'[^']*')|`(?P<name>[^`]*)`|--[^\n]*|/\*.*?\*/", re.DOTALL)  # comments are the rest
_INNERMOST = re.compile(r"\([^()]*\)")
# How a statement begins, without what is in brackets -> the actions that can be meant. N is a name.
_MEANT = {
    "create( or replace)? view": ("database:createView",),
    "create( external)? table": ("database:createTable",),
    "create (database|schema)": ("database:createDatabase",),
    "create( or replace)? function": ("database:createFunction",),
    "create role": ("database:createRole",),
    "drop table": ("table:dropTable",),
    "drop (database|schema)": ("database:dropDatabase",),
    "drop function": ("database:dropFunction",),
    "drop role": ("database:dropRole",),
    "alter (database|schema) N set dbproperties": ("database:alterDatabaseProperties",),
    "alter view N as": ("table:alterView",),
    "alter table N add columns?": ("table:alterTableAddColumns",),
    "alter table N add( if not exists)? partition": ("table:alterTableAddPartition",),
    "alter table N change( column)? N N": ("table:alterTableChangeColumn",),
    "alter table N compact": ("table:compaction",),
    "alter table N drop columns?": ("table:alterTableDropColumns",),
    "alter table N drop( if exists)? partitions?": ("table:alterTableDropPartition",),
    "alter table N partition rename to partition": ("table:alterTableRenamePartition",),
    "alter table N partition set location": ("table:alterTableSetLocation",),
    "alter table N recover partitions": ("table:alterTableRecoverPartition",),
    "alter table N rename to": ("table:alterTableRename",),
    "alter table N set tblproperties": ("table:alterTableSetProperties",),
    "show (databases|schemas)": ("database:displayAllDatabases",),
    "show tables": ("database:displayAllTables",),
    "show( user| system| all)? functions": ("database:showFunctions",),
    "show roles": ("database:showRoles",),
    "show all roles": ("database:showAllRoles",),
    "show principals": ("database:showUsers",),
    "show create table": ("table:showCreateTable",),
    "show partitions": ("table:showPartitions",),
    "show segments": ("table:showSegments",),
    "show tblproperties": ("table:showTableProperties",),
    "desc(ribe)? function": ("database:describeFunction",),
    r"desc(ribe)?( table)?( extended| formatted)? (?!(function|database|schema|query|table)\b)N$": (
        "table:describeTable",
    ),
    "explain( extended| codegen| formatted| cost)? (select|with|insert|create)": ("database:explain",),
    "select": ("table:select", "column:select"),
    "insert into": ("table:insertIntoTable",),
    r"insert overwrite( table)? (?!(local|directory)\b)N": ("table:insertOverwriteTable",),
    "load data( local)? inpath value into table": ("table:insertIntoTable",),
    "truncate table": ("table:truncateTable",),
    "update N set": ("table:update",),
    "delete from": ("table:delete",),
    "grant N(, N)* to": ("database:grantRole",),
    "revoke N(, N)* from": ("database:revokeRole",),
    **{
        f"{verb} [^;]* on {resource} {to}": (f"{kind}:{verb}Privilege",)
        for verb, to in (("grant", "to"), ("revoke", "from"))
        for kind, resource in (
            ("database", r"((database|schema) N|databases\.[^.\s]+)"),
            ("table", r"(table N|databases\.[^.\s]+\.tables\.[^.\s]+)"),
            ("column", r"databases\.[^.\s]+\.tables\.[^.\s]+\.columns\.[^.\s]+"),
        )
    },
}
_NAME = r"[^\s,;]+"
_STATEMENTS = tuple((re.compile(rf"(?:{form.replace('N', _NAME)})(?!\w)"), meant) for form, meant in _MEANT.items())
_QUERIES = re.compile(rf"with {_NAME} as(?: ?, ?{_NAME} as)* ")  # that a statement names before it begins


KEYS = ("sql", "statement")  # of a body


def sent_statement(text: str) -> str:
    """The statement in a text as the body of a call has it; "" where there is none."""
    match = _SENT.search(text)
    return match["sql"].strip() if match else ""


def find_statement(text: str) -> str:
    """The statement in a text, as part of a body or on a line of its own; "" where there is none."""
    match = _ALONE.search(text)
    return sent_statement(text) or (match["sql"].strip() if match else "")


def meant_by(statement: str) -> tuple[str, ...]:
    """The actions that a statement can be refused for, without their service: `table:select`; none where its words do
    not tell. Of several statements, those of each, if all tell."""
    meant: dict[str, None] = {}
    for words in filter(None, map(str.strip, _plain(statement).split(";"))):
        words = words[match.end() :] if (match := _QUERIES.match(words)) else words
        told = next((actions for form, actions in _STATEMENTS if form.match(words)), ())
        if not told:
            return ()
        meant |= dict.fromkeys(told)
    return tuple(meant)


def _plain(statement: str) -> str:
    """Its words in lower case, without comments and what is in brackets; each value in quotes is the word `value`."""
    text = _ASIDE.sub(_without_quotes, _ESCAPED.sub("\n", statement))
    inner = ""
    while inner != text:
        inner, text = text, _INNERMOST.sub(" ", text)
    return " ".join(text.casefold().split())


def _without_quotes(match: re.Match[str]) -> str:
    if match["value"] is not None:
        return " value "
    return " " if match["name"] is None else re.sub(r"\W", "_", match["name"])
