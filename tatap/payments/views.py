from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tatap.accounts.models import Practice, User
from tatap.accounts.permissions import role_required
from tatap.audit import actions as audit
from tatap.bookings.permissions import appointment_for
from tatap.lib import clock, spreadsheet, zones
from tatap.payments import actions, credits, queries
from tatap.payments.models import Credit, Invoice, Proof
from tatap.payments.receipt import pdf


def own_invoice(request: HttpRequest, code: str) -> Invoice:
    """The payer's; for the counsellor and everybody else there is none."""
    appointment = appointment_for(request.user, code)
    return get_object_or_404(Invoice.objects.select_related("appointment"), appointment=appointment, payer=request.user)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def pay(request: HttpRequest, code: str) -> HttpResponse:
    invoice = own_invoice(request, code)
    problem = ""
    if request.method == "POST":
        upload = request.FILES.get("bukti")
        try:
            if upload is not None and upload.size and upload.size > actions.PROOF_LIMIT:
                raise actions.WrongProof("size")
            assert isinstance(request.user, User)
            actions.upload_proof(
                invoice=invoice, content=upload.read() if upload else b"", by=request.user, now=clock.now()
            )
            messages.success(request, _("Your proof has arrived. Your time is yours while we look at it."))
            return redirect("journey:sessions")
        except actions.WrongProof as wrong:
            problem = wrong_proof_words(wrong.why)
        except actions.NotWaiting:
            problem = _("The time to pay has run out and the seat was let go. What you chose can be booked again below.")
            invoice.refresh_from_db()
    context = {"invoice": invoice, "appointment": appointment_for(request.user, code), "account": queries.bank_account(), "problem": problem, "now": clock.now(), "owed_once_seen": queries.owed_once_seen(invoice)}
    return render(request, "payments/pay.html", context, status=422 if problem else 200)


def wrong_proof_words(why: str) -> str:
    return {
        "type": _("This file is neither a picture (JPEG, PNG) nor a PDF. A screenshot of the transfer is enough."),
        "size": _("This file is larger than 5 MB. A screenshot of the transfer is smaller."),
        "empty": _("Choose the file that shows the transfer."),
    }[why]


@require_safe
@login_required
def receipt(request: HttpRequest, code: str) -> HttpResponse:
    invoice = own_invoice(request, code)
    if invoice.paid_at is None:
        raise Http404
    return render(request, "payments/receipt.html", {"invoice": invoice, "appointment": invoice.appointment})


@require_safe
@login_required
def receipt_pdf(request: HttpRequest, code: str) -> HttpResponse:
    invoice = own_invoice(request, code)
    if invoice.paid_at is None:
        raise Http404
    zone = request.user.zone  # type: ignore[union-attr]
    practice = Practice.objects.first()
    lines = [
        (_("Receipt"), invoice.number),
        (_("For"), _("Appointment")),
        (_("Code"), invoice.appointment.code),
        (_("Day"), f"{zones.local(invoice.appointment.starts_at, zone):%d-%m-%Y} {zones.clock_time(invoice.appointment.starts_at, zone)}"),
        (_("Paid on"), f"{zones.local(invoice.paid_at, zone):%d-%m-%Y}"),
    ]
    content = pdf(invoice=invoice, practice=practice.name if practice else "Tatap", lines=lines, title=_("Receipt"))
    name = f'inline; filename="{invoice.number}.pdf"'
    return HttpResponse(content, content_type="application/pdf", headers={"Content-Disposition": name, "Cache-Control": "private, no-store"})


@require_http_methods(["GET", "HEAD", "POST"])
@role_required("manager")
def transfers(request: HttpRequest) -> HttpResponse:
    problem, about, typed = "", 0, ""
    if request.method == "POST":
        problem, about, typed = _decide(request)
        if not problem:
            return redirect("payments:transfers")
    rows = Invoice.objects.select_related(
        "appointment__counsellor", "appointment__rules", "appointment__cancelled_by", "payer"
    ).prefetch_related("proofs")
    context = {
        "waiting": [(row, queries.owed_back(row.appointment)) for row in rows.filter(status="proof").order_by("appointment__starts_at")],
        "refunds": rows.filter(status="refund_owed").order_by("refund_owed_at"),
        "credits": queries.credits_left()[:200],
        "problem": problem,
        "about": about,
        "typed": typed,
    }
    return render(request, "payments/transfers.html", context, status=422 if problem else 200)


def _decide(request: HttpRequest) -> tuple[str, int, str]:
    """(what is wrong, with which invoice, the reason as typed); an empty first means done."""
    number, now, by = request.POST.get("invoice", ""), clock.now(), request.user
    assert isinstance(by, User)
    if request.POST.get("do") == "credit":
        return _pay_out(request, by)
    invoice = get_object_or_404(Invoice, number=number)
    reason = request.POST.get("reason", "").strip()
    try:
        if request.POST.get("do") == "accept":
            actions.accept(invoice=invoice, by=by, now=now)
        elif request.POST.get("do") == "refund":
            actions.pay_refund(invoice=invoice, by=by, now=now)
        elif not reason:
            return _("Say why, so that the payer knows what to send instead."), invoice.pk, reason
        else:
            actions.refuse(invoice=invoice, by=by, reason=reason[:300], now=now)
    except actions.NotWaiting:
        return _("Somebody has already decided on this one."), invoice.pk, reason
    messages.success(request, _("Noted."))
    return "", 0, ""


def _pay_out(request: HttpRequest, by: User) -> tuple[str, int, str]:
    """What she saw is what she has transferred: if it was spent meanwhile, nothing is noted."""
    credit = get_object_or_404(Credit, appointment__code=request.POST.get("code", ""))
    try:
        if str(credit.left) != request.POST.get("left"):
            raise credits.NothingLeft
        credits.pay_out(credit=credit, by=by, now=clock.now())
    except credits.NothingLeft:
        return _("This credit was used meanwhile. Look at what is left before you transfer."), 0, ""
    messages.success(request, _("Noted."))
    return "", 0, ""


@require_safe
@role_required("manager")
def transfers_csv(request: HttpRequest) -> HttpResponse:
    rows = Invoice.objects.select_related("appointment").order_by("-pk")[: spreadsheet.MOST_ROWS]
    head = ["number", "code", "status", "amount", "credit", "unique_part", "created_utc", "paid_utc"]
    return spreadsheet.download("transfer", head, (
        (row.number, row.appointment.code, row.status, row.amount, row.credit, row.unique_part, row.created_at, row.paid_at)
        for row in rows
    ))


@require_safe
@role_required("manager")
def proof(request: HttpRequest, proof_id: str) -> HttpResponse:
    found = get_object_or_404(Proof.objects.select_related("invoice__payer"), pk=proof_id)
    assert isinstance(request.user, User)
    audit.record(by=request.user, verb="proof.seen", subject=f"invoice:{found.invoice.number}", now=clock.now(), about=found.invoice.payer)
    headers = {"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox"}
    return HttpResponse(found.content, content_type=found.kind, headers=headers)


