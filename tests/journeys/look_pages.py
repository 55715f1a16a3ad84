"""Every page a person can open: whose it is, where it is, and which names of the URL map it shows. A name that
no page shows stands in ``NOT_A_PAGE`` with the reason."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page

from tatap.config.demo.cast import MANAGER, PASSWORD
from tests.journeys.look_scene import LONG


@dataclass(frozen=True)
class Place:
    """``path`` may hold {places} of the scene; ``act`` goes on from there to what only a step leads to."""

    name: str
    who: str  # a session of the scene, or "nobody"
    path: str
    shows: tuple[str, ...] = ()
    status: int = 200
    act: Callable[[Page], None] | None = None
    camera: bool = False  # allowed before the page opens


def press(selector: str) -> Callable[[Page], None]:
    def act(page: Page) -> None:
        with page.expect_navigation():
            page.locator(selector).first.click()

    return act


def unfold(page: Page) -> None:
    for one in page.locator("main details > summary:visible").all():
        one.click()


def sheet(opener: str, sheet_id: str) -> Callable[[Page], None]:
    def act(page: Page) -> None:
        page.locator(f"{opener}:visible").first.click()
        page.locator(f"#{sheet_id}").wait_for(state="visible")

    return act


def sign_in(email: str) -> Callable[[Page], None]:
    def act(page: Page) -> None:
        page.fill('[name="login"]', email)
        page.fill('[name="password"]', PASSWORD)
        press("main form .btn-main")(page)

    return act


def ask_for_code(page: Page) -> None:
    page.fill('[name="email"]', "siapa-saja@tatap.example")
    press("main form .btn-main")(page)


def sign_up(page: Page) -> None:
    page.fill('[name="email"]', f"baru-{page.locator('html').get_attribute('lang')}@contoh.example")
    page.fill('[name="password1"]', "teduh sekali sore ini")
    for box in page.locator('[name^="consent_"]').all():
        box.check()
    press("main form .btn-main")(page)


def without_cookie(page: Page) -> None:
    """A form sent after the browser forgot its cookies."""
    page.context.clear_cookies(name="csrftoken")
    press('main form[action*="login"] .btn-main')(page)


def too_large(page: Page) -> None:
    """As where no script has already said so."""
    page.set_input_files('[name="bukti"]', {"name": "besar.png", "mimeType": "image/png", "buffer": b"\0" * 7_000_000})
    page.locator('[name="bukti"]').evaluate("(field) => field.setCustomValidity('')")
    press("main form .btn-main")(page)


def overtaken(page: Page) -> None:
    """As where somebody else published rules meanwhile."""
    page.locator('[name="version"]').evaluate("(field) => field.value = '1'")
    press("main form .btn-main")(page)


def long_names(page: Page) -> None:
    """Who is free first depends on the hour; the page must bear any name at every hour."""
    names = page.locator(".tonight h3")
    assert names.count() > 1
    names.evaluate_all("(all, long) => all.forEach((one) => { one.textContent = long })", LONG)


def in_the_room(page: Page) -> None:
    page.locator("[data-wait-title], [data-admit]").first.wait_for(state="attached")


def measured(page: Page) -> None:
    page.locator('[data-row="camera"] h2, [data-row="camera"] h3').first.wait_for(state="visible")


BOOK = "/pesan/andi-nurhayati/"
PLACES = (
    Place("front", "nobody", "/", ("front",)),
    Place("front-long", "nobody", "/", act=long_names),
    Place("menu", "nobody", "/", act=sheet('[popovertarget="menu"]', "menu")),
    Place("help-sheet", "nobody", "/", act=sheet('[popovertarget="help-now"]', "help-now")),
    Place("help", "nobody", "/bantuan/", ("help",)),
    Place("privacy", "nobody", "/privasi/", ("privacy",)),
    Place("demo", "nobody", "/demo/", ("demo",)),
    Place("directory", "nobody", "/konselor/", ("counsellors:directory",)),
    Place("directory-filters", "nobody", "/konselor/", act=sheet('[popovertarget="filters"]', "filters")),
    Place("directory-one", "nobody", "/konselor/?kata=nurhayati"),
    Place("directory-none", "nobody", "/konselor/?kata=zzzz&kapan=besok"),
    Place("profile", "nobody", "/konselor/andi-nurhayati/", ("counsellors:profile",)),
    Place("profile-photo", "nobody", "/konselor/made-suardana/", ("counsellors:photo",)),
    Place("profile-long", "nobody", "/konselor/dewi-lestariningsih/"),
    Place("book-what", "nobody", BOOK, ("journey:book",)),
    Place("book-when", "nobody", BOOK, act=press("main form .btn-main")),
    Place("book-right", "nobody", "/konselor/", act=press("article.person .slot")),
    Place("sign-in", "nobody", "/akun/login/", ("account_login",)),
    Place("sign-in-wrong", "nobody", "/akun/login/", act=sign_in("bukan@tatap.example")),
    Place("sign-in-second", "nobody", "/akun/login/", ("mfa_authenticate",), act=sign_in(MANAGER[0])),
    Place("sign-in-code", "nobody", "/akun/login/code/", ("account_request_login_code",)),
    Place("sign-in-code-confirm", "nobody", "/akun/login/code/", ("account_confirm_login_code",), act=ask_for_code),
    Place("sign-up", "nobody", "/akun/signup/", ("account_signup",)),
    Place("sign-up-wrong", "nobody", "/akun/signup/", act=press("main form .btn-main")),
    Place("sign-up-confirm", "nobody", "/akun/signup/", ("account_email_verification_sent",), act=sign_up),
    Place("password-forgotten", "nobody", "/akun/password/reset/", ("account_reset_password",)),
    Place("password-letter-sent", "nobody", "/akun/password/reset/done/", ("account_reset_password_done",)),
    Place("password-new", "nobody", "/akun/password/reset/key/{reset}/", ("account_reset_password_from_key",)),
    Place("password-link-used", "nobody", "/akun/password/reset/key/1-set-password/"),
    Place("password-new-done", "nobody", "/akun/password/reset/key/done/", ("account_reset_password_from_key_done",)),
    Place("account-closed", "nobody", "/akun/inactive/", ("account_inactive",)),
    Place("letter-link", "nobody", "/t/{signed}/", ("journey:signed",), act=unfold),
    Place("form-too-old", "nobody", "/akun/login/", status=403, act=without_cookie),
    Place("not-there", "nobody", "/tidak-ada/", status=404),
    Place("sessions", "client", "/sesi/", ("journey:sessions",)),
    Place("sessions-menu", "client", "/sesi/", act=sheet('[popovertarget="menu"]', "menu")),
    Place("tasks", "client", "/tugas/", ("followup:tasks",), act=unfold),
    Place("appointment", "client", "/sesi/{paid}/", ("journey:appointment",), act=unfold),
    Place("appointment-soon", "client", "/sesi/{code}/"),
    Place("appointment-cancelled", "client", "/sesi/{owed}/"),
    Place("pay", "client", "/sesi/{due}/bayar/", ("payments:pay",)),
    Place("pay-empty", "client", "/sesi/{due}/bayar/", act=press("main form .btn-main"), status=422),
    Place("pay-looked-at", "client", "/sesi/{proof}/bayar/"),
    Place("pay-refused", "client", "/sesi/{refused}/bayar/"),
    Place("pay-too-late", "client", "/sesi/{expired}/bayar/"),
    Place("pay-done", "client", "/sesi/{paid}/bayar/"),
    Place("pay-too-large", "client", "/sesi/{due}/bayar/", status=413, act=too_large),
    Place("receipt", "client", "/sesi/{past}/kuitansi/", ("payments:receipt",)),
    Place("prepare", "client", "/sesi/{code}/siapkan/", ("preparation:prepare",)),
    Place("prepare-wrong", "client", "/sesi/{code}/siapkan/", act=press("main form .btn-main"), status=422),
    Place("prepare-camera", "client", "/sesi/{code}/siapkan/", act=measured, camera=True),
    Place("room-not-open", "client", "/sesi/{paid}/ruang/"),
    Place("room-over", "client", "/sesi/{past}/ruang/"),
    Place("room-unpaid", "client", "/sesi/{due}/ruang/"),
    Place("room-line-gone", "client", "/ruang/luring/", ("callroom:offline",)),
    Place("card", "client", "/sesi/{past}/kartu/", ("closing:card",)),
    Place("card-not-begun", "client", "/sesi/{code}/kartu/"),
    Place("settings", "client", "/saya/", ("accounts:settings",)),
    Place("consent", "client", "/saya/persetujuan/", ("accounts:consent",)),
    Place("connection", "manager", "/praktik/sambungan/", ("accounts:connection",)),
    Place("who-looked", "client", "/saya/jejak/", ("journey:who_looked",)),
    Place("sign-out", "client", "/akun/logout/", ("account_logout",)),
    Place("password-change", "client", "/akun/password/change/", ("account_change_password",)),
    Place("address", "client", "/akun/email/", ("account_email",)),
    Place("still-you", "client", "/akun/reauthenticate/", ("account_reauthenticate",)),
    Place("second-step-none", "client", "/akun/2fa/"),
    Place("passkeys-none", "client", "/akun/2fa/webauthn/"),
    Place("room-waiting", "client", "/sesi/{code}/ruang/", ("callroom:room",), act=in_the_room, camera=True),
    Place("sessions-none", "nameless", "/sesi/"),
    Place("tasks-none", "nameless", "/tugas/"),
    Place("who-looked-none", "nameless", "/saya/jejak/"),
    Place("consent-missing", "nameless", "/saya/persetujuan/"),
    Place("invitation-anyone", "nobody", "/undangan/{invitation}/"),
    Place("invitation", "nameless", "/undangan/{invitation}/", ("accounts:invitation",)),
    Place("password-first", "keyless", "/akun/password/set/", ("account_set_password",)),
    Place("second-step", "keeper", "/akun/2fa/", ("mfa_index",)),
    Place("still-you-code", "keeper", "/akun/2fa/reauthenticate/", ("mfa_reauthenticate",)),
    Place("still-you-passkey", "keeper", "/akun/2fa/webauthn/reauthenticate/", ("mfa_reauthenticate_webauthn",)),
    Place("second-step-away", "keeper", "/akun/2fa/totp/deactivate/", ("mfa_deactivate_totp",)),
    Place("recovery-codes", "keeper", "/akun/2fa/recovery-codes/", ("mfa_view_recovery_codes",)),
    Place("recovery-codes-new", "keeper", "/akun/2fa/recovery-codes/generate/", ("mfa_generate_recovery_codes",)),
    Place("passkeys", "keeper", "/akun/2fa/webauthn/", ("mfa_list_webauthn",)),
    Place("passkey-add", "keeper", "/akun/2fa/webauthn/add/", ("mfa_add_webauthn",)),
    Place("passkey-name", "keeper", "/akun/2fa/webauthn/keys/{key}/edit/", ("mfa_edit_webauthn",)),
    Place("passkey-away", "keeper", "/akun/2fa/webauthn/keys/{key}/remove/", ("mfa_remove_webauthn",)),
    Place("signed-in-where", "keeper", "/akun/sessions/", ("usersessions_list",)),
    Place("second-step-setup", "unready", "/akun/2fa/totp/activate/", ("mfa_activate_totp",)),
    Place("day", "counsellor", "/praktik/", ("journey:day",)),
    Place("day-empty", "counsellor", "/praktik/?hari=2030-01-01"),
    Place("hours", "counsellor", "/praktik/jam/", ("bookings:hours",)),
    Place("hours-wrong", "counsellor", "/praktik/jam/", act=press('[name="do"][value="add_hours"]'), status=422),
    Place("profile-edit", "counsellor", "/praktik/profil/", ("counsellors:edit",)),
    Place("casenotes", "counsellor", "/sesi/{past}/catatan/", ("closing:casenotes",)),
    Place("card-counsellor", "counsellor", "/sesi/{past}/kartu/"),
    Place("prepare-counsellor", "counsellor", "/sesi/{code}/siapkan/"),
    Place("room-counsellor", "counsellor", "/sesi/{code}/ruang/", act=in_the_room, camera=True),
    Place("overview", "manager", "/praktik/ringkasan/", ("journey:overview",)),
    Place("overview-none", "manager", "/praktik/ringkasan/?cari=zzzz"),
    Place("transfers", "manager", "/praktik/transfer/", ("payments:transfers",), act=unfold),
    Place("licences", "manager", "/praktik/izin/", ("counsellors:licences",)),
    Place("terms", "manager", "/praktik/kata/", ("counsellors:terms",), act=unfold),
    Place("invite", "manager", "/praktik/undangan/", ("accounts:invite",)),
    Place("invite-wrong", "manager", "/praktik/undangan/", act=press('[value="invite"]'), status=422),
    Place("rules", "manager", "/praktik/aturan/", ("bookings:rules",)),
    Place("rules-overtaken", "manager", "/praktik/aturan/", act=overtaken, status=422),
    Place("people", "manager", "/praktik/orang/", ("accounts:people",)),
)
SENDS, GIVES, PART = "only takes what a form sends", "gives a file or data", "gives a part of another page"
NOT_A_PAGE = {
    "set_language": SENDS, "demo_enter": SENDS, "accounts:sign_out_everywhere": SENDS, "journey:move": SENDS,
    "journey:cancel": SENDS, "closing:accept": SENDS, "closing:add": SENDS, "closing:card_save": SENDS,
    "closing:casenotes_save": SENDS, "followup:tick": SENDS, "preparation:device": SENDS, "preparation:ways": SENDS, "callroom:held": SENDS, "mfa_login_webauthn": GIVES,
    "journey:absence": SENDS, "journey:late_refund": SENDS, "accounts:people_csv": GIVES, "counsellors:licences_csv": GIVES,
    "payments:receipt_pdf": GIVES, "payments:transfers_csv": GIVES, "payments:proof": GIVES, "journey:overview_csv": GIVES,
    "callroom:ticket": GIVES, "callroom:ice": GIVES, "closing:card_state": GIVES, "mfa_download_recovery_codes": GIVES,
    "callroom:line": SENDS, "callroom:extend": SENDS, "preparation:reach": GIVES, "service_worker": GIVES, "preparation:seen": PART, "followup:opening": PART,
    "gallery": "walked by itself: it exists only while TATAP_DEBUG is set",
}
