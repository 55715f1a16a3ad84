import io
from datetime import datetime

from django.db import transaction
from PIL import Image, ImageOps, UnidentifiedImageError

from tatap.accounts.models import User
from tatap.audit import actions as audit
from tatap.counsellors.models import Counsellor, Licence

PHOTO_LIMIT = 2 * 1024 * 1024  # bytes
PHOTO_SIDE = 320  # pixels


class NotAPhoto(Exception):
    """Neither JPEG, PNG nor WebP by its content, or too large to open."""


def check_licence(*, licence: Licence, by: User, now: datetime) -> None:
    """Says that somebody of the practice compared the number with the register."""
    with transaction.atomic():
        licence.checked_by, licence.checked_at = by, now
        licence.save(update_fields=["checked_by", "checked_at"])
        audit.record(
            by=by, verb="licence.checked", subject=f"licence:{licence.pk}", now=now, about=licence.counsellor.user
        )


def set_photo(*, counsellor: Counsellor, content: bytes, by: User, now: datetime) -> None:
    """Kept as WebP of at most 320 px; what the camera wrote about place and time is dropped."""
    try:
        opened = Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "WEBP"))
        if opened.width * opened.height > 40_000_000:
            raise NotAPhoto
        picture = ImageOps.fit(ImageOps.exif_transpose(opened).convert("RGB"), (PHOTO_SIDE, PHOTO_SIDE))
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
        raise NotAPhoto from None
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=62, method=6)
    with transaction.atomic():
        counsellor.photo, counsellor.photo_version = out.getvalue(), counsellor.photo_version + 1
        counsellor.save(update_fields=["photo", "photo_version"])
        audit.record(by=by, verb="profile.photo", subject=f"counsellor:{counsellor.slug}", now=now)
