"""Firefox ESR, driven by WebDriver BiDi (W3C), which it speaks itself: no driver beside it is needed."""

import base64
import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from websockets.sync.client import connect

from tests.journeys.conftest import until

FIREFOX = os.environ.get("FIREFOX", "/usr/bin/firefox-esr")
MISSING = "Firefox ESR is missing, so its journey is left out. Install it with: sudo apt-get install firefox-esr"
PREFERENCES: dict[str, Any] = {
    "media.navigator.streams.fake": True,  # a moving picture and a tone in place of devices
    "media.navigator.permission.disabled": True,  # who is asked says yes, for this once
    "media.peerconnection.ice.obfuscate_host_addresses": False,  # no mDNS in a test's network
    "media.peerconnection.ice.loopback": True,
    "app.update.disabledForTesting": True, "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False, "toolkit.telemetry.server": "", "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False, "services.settings.server": "", "extensions.getAddons.cache.enabled": False,
    "browser.safebrowsing.malware.enabled": False, "browser.safebrowsing.phishing.enabled": False, "media.gmp-manager.url": "",
    "remote.active-protocols": 1, "remote.prefs.recommended": True,
}


def there() -> bool:
    return shutil.which(FIREFOX) is not None


class Firefox:
    """One browser with a fresh profile. Answers and events are read as commands are given, in one thread."""

    def __init__(self, profile: Path) -> None:
        profile.mkdir()
        lines = (f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in PREFERENCES.items())
        (profile / "user.js").write_text("\n".join(lines))
        command = [FIREFOX, "--headless", "--no-remote", "--remote-debugging-port=0", "--profile", str(profile)]
        log = profile / "log"
        with log.open("wb") as out:
            environment = {**os.environ, "HOME": str(profile), "MOZ_CRASHREPORTER_DISABLE": "1"}
            self.process = subprocess.Popen(command, stdout=out, stderr=out, env=environment)
        self.held, self.count, self.events = ExitStack(), 0, list[dict[str, Any]]()
        try:
            found = until(lambda: re.search(r"BiDi listening on (ws://\S+)\n", log.read_text(errors="replace")), 60, "Firefox did not start")
            self.socket = self.held.enter_context(connect(f"{found[1]}/session", max_size=None))
            self.version = self.call("session.new", capabilities={})["capabilities"]["browserVersion"]
            self.call("session.subscribe", events=["log.entryAdded", "network.beforeRequestSent"])
        except BaseException:
            self.close()
            raise

    def call(self, method: str, **params: Any) -> Any:
        self.count += 1
        self.socket.send(json.dumps({"id": self.count, "method": method, "params": params}))
        while True:
            message = json.loads(self.socket.recv(timeout=30))
            if message.get("id") == self.count:
                assert message["type"] == "success", f"{method}: {message.get('message')}"
                return message["result"]
            if message["type"] == "event":
                self.events.append(message)

    def close(self) -> None:
        self.held.close()
        self.process.terminate()
        self.process.wait(15)


class FirefoxPage:
    """A tab of its own among people (cookies apart), with the verbs of a journey."""

    def __init__(self, firefox: Firefox, origin: str, *, width: int, height: int) -> None:
        self.firefox, self.origin = firefox, origin
        self.user = firefox.call("browser.createUserContext")["userContext"]
        self.context = firefox.call("browsingContext.create", type="tab", userContext=self.user)["context"]
        firefox.call("browsingContext.setViewport", context=self.context, viewport={"width": width, "height": height})

    def close(self) -> None:
        self.firefox.call("browser.removeUserContext", userContext=self.user)

    def before_each_page(self, script: str) -> None:
        self.firefox.call("script.addPreloadScript", functionDeclaration=f"() => {{ {script} }}", userContexts=[self.user])

    def go(self, path: str) -> None:
        self.firefox.call("browsingContext.navigate", context=self.context, url=self.origin + path, wait="complete")

    def reload(self) -> None:
        self.firefox.call("browsingContext.reload", context=self.context, wait="complete")

    def evaluate(self, function: str, *given: Any) -> Any:
        """What a function of the page's says, awaited; both ways as JSON."""
        text = f"async () => JSON.stringify((await ({function})(...{json.dumps(given)})) ?? null)"
        answer = self.firefox.call(
            "script.callFunction", functionDeclaration=text, awaitPromise=True, target={"context": self.context}
        )
        assert answer["type"] == "success", answer.get("exceptionDetails", {}).get("text")
        return json.loads(answer["result"]["value"])

    def text(self, selector: str) -> str:
        return str(self.evaluate("(s) => document.querySelector(s)?.textContent.trim() ?? ''", selector))

    def visible(self, selector: str) -> bool:
        return bool(self.evaluate("(s) => document.querySelector(s)?.checkVisibility({visibilityProperty: true}) ?? false", selector))

    def click(self, selector: str) -> None:
        """A real press in the middle of the first such element, once it is there to be pressed."""
        place = until(lambda: self.evaluate(PLACE, selector), 15, f"nothing to press: {selector}")
        pointer = [
            {"type": "pointerMove", "x": place[0], "y": place[1]}, {"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0},
        ]
        self.firefox.call(
            "input.performActions", context=self.context,
            actions=[{"type": "pointer", "id": "finger", "parameters": {"pointerType": "mouse"}, "actions": pointer}],
        )

    def type(self, selector: str, words: str) -> None:
        self.click(selector)
        keys = [{"type": kind, "value": each} for each in words for kind in ("keyDown", "keyUp")]
        self.firefox.call("input.performActions", context=self.context, actions=[{"type": "key", "id": "keys", "actions": keys}])

    def screenshot(self, path: Path) -> None:
        path.write_bytes(base64.b64decode(self.firefox.call("browsingContext.captureScreenshot", context=self.context)["data"]))

    def enter_as(self, who: str) -> None:
        self.go("/demo/")
        before = self.evaluate("() => performance.timeOrigin")
        self.click(f'form[action$="/masuk/{who}/"] button')
        arrived: Callable[[], Any] = lambda: self.evaluate("() => [performance.timeOrigin, document.readyState]")  # noqa: E731
        until(lambda: (now := arrived())[0] != before and now[1] == "complete", 15, f"{who} did not get in")

    def complaints(self) -> list[str]:
        """What its console and its requests say that no page of ours should."""
        self.evaluate("() => 0")  # reads what has come meanwhile
        ours = ("data:", "blob:", self.origin, self.origin.replace("http", "ws"))
        found = []
        for event in self.firefox.events:
            params = event["params"]
            if event["method"] == "log.entryAdded" and params["level"] == "error":
                found.append(str(params["text"]))
            elif event["method"] == "network.beforeRequestSent" and params.get("context") == self.context:
                url = params["request"]["url"]
                found += [] if url.startswith(ours) else [f"a foreign request: {url}"]
        return found


PLACE = """async (selector) => {
  const found = [...document.querySelectorAll(selector)].find((one) => one.checkVisibility({ visibilityProperty: true }));
  if (!found || found.disabled) return null;
  found.scrollIntoView({ block: "center", behavior: "instant" });
  const box = found.getBoundingClientRect();
  const [x, y] = [Math.floor(box.x + box.width / 2), Math.floor(box.y + box.height / 2)];
  const hit = document.elementFromPoint(x, y);
  return hit && (found.contains(hit) || hit.contains(found) || hit.labels) ? [x, y] : null;
}"""
