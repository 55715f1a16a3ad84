import io
from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.utils.text import slugify
from PIL import Image, ImageOps, UnidentifiedImageError

from tatap.accounts.models import User
from tatap.audit import actions as audit
from tatap.counsellors import queries
from tatap.counsellors.models import Counsellor, Gender, Licence, Photo, Profession, Term

PHOTO_LIMIT = 2 * 1024 * 1024  # bytes
PHOTO_SIZE = (320, 320)  # pixels
CARD_SIZE = (128, 152)  # twice as sharp as it is shown
CARD_BYTES = 5_000  # so that twelve cards weigh less than 60 kB
PIXELS = 40_000_000


class NotAPhoto(Exception):
    """Neither JPEG, PNG nor WebP by its content, or too large to open."""


def begin_profile(*, user: User, now: datetime) -> Counsellor:
    """An empty profile for somebody who was invited; nobody sees it before a licence was checked."""
    with transaction.atomic():
        made, new = Counsellor.objects.get_or_create(
            user=user,
            defaults={
                "slug": free_slug(Counsellor, user.alias),
                "name": user.alias,
                "short_name": user.alias,
                "profession": Profession.COUNSELLOR.value,
                "gender": Gender.FEMALE.value,
            },
        )
        if new:
            audit.record(by=user, verb="profile.begun", subject=f"counsellor:{made.slug}", now=now)
    return made


def free_slug(model: type[Counsellor] | type[Term], name: str) -> str:
    base = slugify(name)[:40] or ("konselor" if model is Counsellor else "kata")
    taken = set(model._default_manager.filter(slug__startswith=base).values_list("slug", flat=True))
    return next(slug for slug in (base, *(f"{base}-{n}" for n in range(2, 10_000))) if slug not in taken)


def change_terms(*, by: User, what: str, save: Callable[[], object], now: datetime) -> None:
    """``what``: the list's name in the address."""
    with transaction.atomic():
        save()
        audit.record(by=by, verb="terms.changed", subject=f"terms:{what}", now=now)
    queries.TERMS.forget()


def change_profile(*, counsellor: Counsellor, by: User, save: Callable[[], object], now: datetime) -> None:
    """Everything that one press of the button saves, or nothing of it."""
    with transaction.atomic():
        save()
        audit.record(by=by, verb="profile.changed", subject=f"counsellor:{counsellor.slug}", now=now)


def check_licence(*, licence: Licence, by: User, now: datetime) -> None:
    """Says that somebody of the practice compared the number with the register."""
    with transaction.atomic():
        licence.checked_by, licence.checked_at = by, now
        licence.save(update_fields=["checked_by", "checked_at"])
        audit.record(
            by=by, verb="licence.checked", subject=f"licence:{licence.pk}", now=now, about=licence.counsellor.user
        )


def doubt_licence(*, licence: Licence, by: User, now: datetime) -> None:
    """Takes the check back; without another licence in force the profile is hidden at once."""
    with transaction.atomic():
        licence.checked_by = licence.checked_at = None
        licence.save(update_fields=["checked_by", "checked_at"])
        audit.record(
            by=by, verb="licence.doubted", subject=f"licence:{licence.pk}", now=now, about=licence.counsellor.user
        )


def set_photo(*, counsellor: Counsellor, content: bytes, by: User, now: datetime) -> None:
    """Kept as WebP in two sizes; what the camera wrote about place and time is dropped."""
    try:
        opened = Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "WEBP"))
        if opened.width * opened.height > PIXELS:
            raise NotAPhoto
        picture = ImageOps.exif_transpose(opened).convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise NotAPhoto from None
    large, small = _webp(picture, PHOTO_SIZE, 24_000), _webp(picture, CARD_SIZE, CARD_BYTES)
    with transaction.atomic():
        Photo.objects.update_or_create(counsellor=counsellor, defaults={"large": large, "small": small})
        counsellor.photo_version += 1
        counsellor.save(update_fields=["photo_version"])
        audit.record(by=by, verb="profile.photo", subject=f"counsellor:{counsellor.slug}", now=now)


def _webp(picture: Image.Image, size: tuple[int, int], limit: int) -> bytes:
    """As good as it can be in so many bytes."""
    fitted, made = ImageOps.fit(picture, size, centering=(0.5, 0.35)), b""
    for quality in (74, 62, 50, 38, 26, 12):
        out = io.BytesIO()
        fitted.save(out, "WEBP", quality=quality, method=6)
        made = out.getvalue()
        if len(made) <= limit:
            break
    return made


def remove_photo(*, counsellor: Counsellor, by: User, now: datetime) -> None:
    with transaction.atomic():
        Photo.objects.filter(counsellor=counsellor).delete()
        counsellor.photo_version = 0
        counsellor.save(update_fields=["photo_version"])
        audit.record(by=by, verb="profile.photo_removed", subject=f"counsellor:{counsellor.slug}", now=now)
