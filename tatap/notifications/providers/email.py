import hashlib
import smtplib

from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from tatap.notifications.provider import CouldNotSend, Letter


class Email:
    """Through Django's mail: SMTP, or any service that anymail knows."""

    def send(self, letter: Letter) -> None:
        domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")
        name = hashlib.sha256(letter.key.encode()).hexdigest()[:32]
        mail = EmailMultiAlternatives(
            letter.subject, letter.text, to=[letter.address], headers={"Message-ID": f"<{name}@{domain}>"}
        )
        if letter.html:
            mail.attach_alternative(letter.html, "text/html")
        if letter.ics:
            mail.attach_alternative(letter.ics.decode(), f"text/calendar; method={letter.ics_method}")
            mail.attach("undangan.ics", letter.ics, "text/calendar")
        try:
            mail.send()
        except smtplib.SMTPRecipientsRefused as refused:
            permanent = all(500 <= code < 600 for code, _words in refused.recipients.values())
            raise CouldNotSend(permanent=permanent) from None
        except (OSError, smtplib.SMTPException):
            raise CouldNotSend(permanent=False) from None
