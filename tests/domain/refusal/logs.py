"""Logs for tests: calls of the catalogue as tools write them down, and what a plain reading says was refused."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import permutations

from policybuilder.domain.catalog.entries import Operation
from tests.builders import real_catalog

HOST = "https://ecs.eu-de.otc.t-systems.com"
PROJECT = "0123456789abcdef0123456789abcdef"
REASONS = {200: "OK", 202: "Accepted", 204: "No Content", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found"}
# Of operations that share their call with others: the key that the body begins with.
KEYS = {
    "starting-an-ecs-native": "os-start",
    "stopping-an-ecs-native": "os-stop",
    "restarting-an-ecs-native": "reboot",
    "modifying-ecs-specifications-native": "resize",
    "rebuilding-an-ecs-native": "rebuild",
    "locking-an-ecs-native": "lock",
    "unlocking-an-ecs-native": "unlock",
    "creating-an-image-native": "createImage",
    "adding-an-ecs-to-a-security-group-native": "addSecurityGroup",
    "removing-a-security-group-native": "removeSecurityGroup",
    "starting-ecss-in-a-batch": "os-start",
    "stopping-ecss-in-a-batch": "os-stop",
    "restarting-ecss-in-a-batch": "reboot",
    "adding-an-ecs-to-an-ecs-group": "add_member",
    "removing-an-ecs-from-an-ecs-group": "remove_member",
}


@dataclass(frozen=True, repr=False)
class Call:
    """A call that somebody made, with the operation that it was. `status` is None where the log does not show it."""

    operation: Operation
    number: int  # of what it is called for
    status: int | None

    def __repr__(self) -> str:
        return f"{self.method} {self.path} {self.body} {self.status}"

    @property
    def host(self) -> str:
        return HOST

    @property
    def method(self) -> str:
        return self.operation.calls[-1].method

    @property
    def path(self) -> str:
        ids = iter((PROJECT, f"9f2e1b34-8a6d-4c6c-9d55-0c1d4a4f{self.number:04x}", "616fb98f"))
        return re.sub(r"\{\w+\}", lambda _: next(ids), self.operation.calls[-1].path)

    @property
    def body(self) -> str:
        key = KEYS.get(self.operation.slug)
        return json.dumps({key: {"name": "x"}}) if key else ""

    @property
    def named(self) -> str:
        """The action that the answer says is refused, "" where it does not say."""
        return next(iter(self.operation.all_actions()), "") if self.status == 403 and self.number > 1 else ""

    @property
    def answer(self) -> str:
        """Of a call that succeeded, it names an action, as the listing of a role does."""
        if self.named:
            message = f"Policy doesn't allow {self.named} to be performed."
            return json.dumps({"forbidden": {"message": message, "code": 403}})
        if self.status in (200, 202):
            return json.dumps({"role": {"Action": ["ecs:servers:delete"]}, "links": [{"href": f"{HOST}/v1/0/x/1"}]})
        return json.dumps({"message": REASONS[self.status or 403], "code": self.status}) if self.status != 204 else ""

    @property
    def shown(self) -> str:
        """The answer, where there is one."""
        return self.answer if self.status else ""


@dataclass(frozen=True)
class Visit:
    """A request of a browser to an address that is no API call."""

    method: str
    address: str
    status: int | None
    body: str = ""

    @property
    def host(self) -> str:
        return "/".join(self.address.split("/")[:3])

    @property
    def path(self) -> str:
        return self.address.removeprefix(self.host)

    @property
    def shown(self) -> str:
        return "<html></html>" if self.status == 200 else ""

    answer = shown


def openstack(call: Call) -> str:
    data = f" -d '{call.body}'" if call.body else ""
    asked = f'REQ: curl -g -i -X {call.method} {call.host}{call.path} -H "Accept: application/json"{data}\n'
    if call.status is None:
        return asked
    return (
        f'{asked}{call.host}:443 "{call.method} {call.path} HTTP/1.1" {call.status} 133\n'
        f"RESP: [{call.status}] Content-Length: 133 Content-Type: application/json\nRESP BODY: {call.answer}\n"
        f"{call.method} call to compute for {call.host}{call.path} used request id req-1\n"
    )


def curl(call: Call) -> str:
    data = f" -d '{call.body}'" if call.body else ""
    asked = (
        f"$ curl -v -X {call.method} '{call.host}{call.path}' -H 'X-Auth-Token: x'{data}\n"
        f"> {call.method} {call.path} HTTP/1.1\n> Host: {call.host[8:]}\n>\n"
    )
    if call.status is None:
        return asked
    return (
        f"{asked}< HTTP/1.1 {call.status} {REASONS[call.status]}\n< Date: now\n<\n{call.answer}\n* Connection #0 left\n"
    )


def raw(call: Call) -> str:
    asked = f"{call.method} {call.path} HTTP/1.1\nHost: {call.host[8:]}\n\n{call.body}\n"
    if call.status is None:
        return asked
    return f"{asked}\nHTTP/1.1 {call.status} {REASONS[call.status]}\nContent-Type: application/json\n\n{call.answer}\n"


def panel(call: Call) -> str:
    status = f"Status Code: {call.status} {REASONS[call.status]}\n" if call.status else ""
    asked = f"Request URL: {call.host}{call.path}\nRequest Method: {call.method}\n"
    sent = f"Request Payload: {call.body}\n" if call.body else ""
    return f"{asked}{status}Remote Address: 80.158.1.1:443\n{sent}{call.shown}\n"


def console(call: Call) -> str:
    status = f" {call.status} ({REASONS[call.status]})" if call.status else ""
    return f"{call.method} {call.host}{call.path} {call.body}{status}\n{call.shown}\n"


def labels(call: Call) -> str:
    status = f"Status Code\n{call.status} {REASONS[call.status]}\n" if call.status else ""
    sent = f"Request Payload\n{call.body}\n" if call.body else ""
    return f"Request URL\n{call.host}{call.path}\nRequest Method\n{call.method}\n{status}{sent}{call.shown}\n"


def terraform(call: Call) -> str:
    sent = f"[DEBUG] Request Body: {json.dumps(json.loads(call.body), indent=2)}\n" if call.body else ""
    asked = (
        f"2026-11-24T10:15:30.403Z [DEBUG] OpenTelekomCloud Request URL: {call.method} {call.host}{call.path}\n{sent}"
    )
    if call.status is None:
        return asked
    return f"{asked}[DEBUG] OpenTelekomCloud Response Code: {call.status}\n[DEBUG] Response Body: {call.answer}\n"


def access_log(call: Call) -> str:
    """Of a call that its body tells apart it shows too little."""
    if call.body:
        return raw(call)
    status = f" {call.status} 58" if call.status else ""
    request = f"{call.method} {call.path} HTTP/1.1"
    return f'10.0.0.1 - - [24/Nov/2026:10:15:30 +0000] "{request}"{status}\n{call.shown}\n'


def firefox(call: Call) -> str:
    """Firefox's console, which shows no body; neither do `access_log` and `inspector`."""
    if call.body:
        return raw(call)
    status = f"[HTTP/2 {call.status} 119ms]\n" if call.status else ""
    return f"XHR{call.method}\n{call.host}{call.path}\n{status}\n{call.shown}\n"


def inspector(call: Call) -> str:
    if call.body:
        return raw(call)
    status = f"Status\n{call.status}\n" if call.status else ""
    return f"{call.method}\n\t{call.host}{call.path}\n{status}{call.shown}\n"


def structured(call: Call) -> str:
    entry = {
        "method": call.method,
        "url": f"{call.host}{call.path}",
        "body": call.body,
        "status": call.status,
        "response": call.shown,
    }
    return json.dumps(entry) + "\n"


def har(*calls: Call, indent: int | None = 2) -> str:
    """As a browser saves it, of one call or more."""
    entries = [
        {
            "_initiator": {"stack": {"callFrames": [{"url": "https://console.otc.t-systems.com/static/v2/app.js"}]}},
            "request": {
                "method": call.method,
                "url": f"{call.host}{call.path}",
                "headers": [{"name": "referer", "value": "https://console.otc.t-systems.com/ecm/"}],
                **({"postData": {"mimeType": "application/json", "text": call.body}} if call.body else {}),
            },
            "response": {
                "status": call.status or 0,
                "statusText": REASONS.get(call.status or 0, ""),
                "content": {"mimeType": "application/json", "text": call.answer},
            },
        }
        for call in calls
    ]
    return json.dumps({"log": {"version": "1.2", "entries": entries}}, indent=indent) + "\n"


FORMATS: tuple[Callable[[Call], str], ...] = (
    openstack,
    curl,
    raw,
    panel,
    labels,
    console,
    terraform,
    access_log,
    firefox,
    inspector,
    structured,
    har,
)


def _fields(call: Call) -> dict[str, str]:
    """The summary of a request in a browser's network panel."""
    status = {"Status Code": f"{call.status} {REASONS[call.status]}"} if call.status else {}
    return {"Request URL": f"{call.host}{call.path}", "Request Method": call.method, **status}


def _in_order(names: tuple[str, ...], separator: str) -> Callable[[Call], str]:
    def written(call: Call) -> str:
        fields = _fields(call)
        summary = "".join(f"{name}{separator}{fields[name]}\n" for name in names if name in fields)
        cors = "access-control-allow-origin: https://console.otc.t-systems.com\naccess-control-request-method: PATCH\n"
        return f"{summary}Remote Address{separator}80.158.1.1:443\n{cors}{call.shown}\n"

    return written


def _pseudo(call: Call) -> str:
    return (
        f":authority: {call.host[8:]}\n:method: {call.method}\n:path: {call.path}\n:scheme: https\n"
        "accept: */*\norigin: https://console.otc.t-systems.com\nreferer: https://console.otc.t-systems.com/ecm/\n"
    )


def chrome(call: Call) -> str:
    return "".join(f"{name}: {value}\n" for name, value in _fields(call).items()) + _pseudo(call) + call.shown + "\n"


def safari(call: Call) -> str:
    status = f"Status: {call.status}\n" if call.status else ""
    return f"Summary\nURL: {call.host}{call.path}\n{status}Source: Network\n\nRequest\n{_pseudo(call)}\n{call.shown}\n"


def fetch(call: Call) -> str:
    """As are `request_headers` and `powershell`, without the answer."""
    return (
        f'fetch("{call.host}{call.path}", {{\n  "headers": {{\n    "accept": "*/*"\n  }},\n'
        f'  "referrer": "https://console.otc.t-systems.com/ecm/",\n  "body": null,\n  "method": "{call.method}"\n}});\n'
    )


def request_headers(call: Call) -> str:
    return _pseudo(call) + "\n"


def powershell(call: Call) -> str:
    method = f'-Method "{call.method}" `\n' if call.method != "GET" else ""
    uri = f'-Uri "{call.host}{call.path}" `\n'
    return f'Invoke-WebRequest -UseBasicParsing {uri}{method}-Headers @{{\n  "accept"="*/*"\n}}\n'


def cut_har(call: Call) -> str:
    """A HAR file without its beginning."""
    text = har(call)
    return text[text.index('"method"') :]


def axios(call: Call) -> str:
    failed = f"AxiosError: Request failed with status code {call.status}\n    at settle\n" if call.status else ""
    return f"{failed}{call.method} {call.host}{call.path}\n{call.shown}\n"


def axios_config(call: Call) -> str:
    """The same with its configuration, as Node prints it."""
    failed = f"AxiosError: Request failed with status code {call.status}\n    at settle {{\n" if call.status else ""
    config = f"    method: '{call.method.lower()}',\n    url: '{call.host}{call.path}',\n    data: '{call.body}'\n"
    return f"{failed}  config: {{\n{config}  }},\n  response: {{ data: {call.answer} }}\n}}\n"


WITHOUT_ANSWER = (fetch, request_headers, powershell)
_ORDERS = {
    _in_order(names, separator): names[0]
    for names in permutations(("Request URL", "Request Method", "Status Code"))
    for separator in (": ", "\n", "\t")
}
# Only a block whose first field is always there shows where it begins.
STATUS_FIRST = (*(written for written, first in _ORDERS.items() if first == "Status Code"), axios, axios_config)
# Formats in which browsers show requests for other kinds of addresses, too: `data:`, `wss:`, `/static/a.js`.
ANY_ADDRESS: tuple[Callable[[Call], str], ...] = (*_ORDERS, panel, labels, structured, cut_har, fetch)
BROWSER_FORMATS: tuple[Callable[[Call], str], ...] = (
    *_ORDERS,
    axios,
    axios_config,
    chrome,
    safari,
    cut_har,
    *WITHOUT_ANSWER,
)


def calls_by_key() -> dict[tuple[str, str], list[Operation]]:
    """The operations of the catalogue by method and path, as the last of their calls has them."""
    found: dict[tuple[str, str], list[Operation]] = {}
    for operation in real_catalog().operations.values():
        if operation.calls:
            call = operation.calls[-1]
            found.setdefault((call.method, call.path), []).append(operation)
    return found


def refused(calls: list[Call]) -> set[str]:
    """The ids of the operations that were refused in the end, or may have been: of every call the last word counts.

    Those that share an action that an answer names are among them.
    """
    last: dict[tuple[str, str, str], tuple[str, int | None]] = {}
    for call in calls:
        key = (call.method, call.path, call.body)
        before = last.get(key, ("", None))[1]
        failed_later = before == 403 and call.status is not None and call.status >= 400
        last[key] = (call.operation.id, before if call.status is None or failed_later else call.status)
    found = {id_ for id_, status in last.values() if status in (None, 403)}
    keys = {key for key, (_, status) in last.items() if status in (None, 403)}
    named = [call.named for call in calls if call.named and (call.method, call.path, call.body) in keys]
    return found | {id_ for name in named for id_ in real_catalog().action_index.actions[name].operations}
