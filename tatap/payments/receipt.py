"""The receipt as PDF: neutral words, one page."""

from fpdf import FPDF

from tatap.lib.rupiah import rupiah
from tatap.payments.models import Invoice


def pdf(*, invoice: Invoice, practice: str, lines: list[tuple[str, str]], title: str) -> bytes:
    """``lines``: (label, value) in the reader's language; characters outside Latin-1 are replaced."""
    page = FPDF(format=(148, 210))  # A5, in millimetres
    page.set_title(title)
    page.set_margin(18)
    page.add_page()
    page.set_text_color(14, 90, 80)
    page.set_font("helvetica", "B", 20)
    page.cell(0, 12, _latin(title), new_x="LMARGIN", new_y="NEXT")
    page.set_text_color(29, 43, 42)
    page.set_font("helvetica", "", 11)
    page.cell(0, 7, _latin(practice), new_x="LMARGIN", new_y="NEXT")
    page.ln(6)
    for label, value in lines:
        page.set_text_color(86, 99, 95)
        page.cell(45, 8, _latin(label))
        page.set_text_color(29, 43, 42)
        page.cell(0, 8, _latin(value), new_x="LMARGIN", new_y="NEXT")
    page.ln(4)
    page.set_font("helvetica", "B", 16)
    page.cell(0, 12, rupiah(invoice.to_transfer), new_x="LMARGIN", new_y="NEXT")
    return bytes(page.output())


def _latin(text: str) -> str:
    return text.replace("\u00a0", " ").replace("–", "-").encode("latin-1", "replace").decode("latin-1")
