"""Answers that need no page."""


from tatap.lib.asgi import Send

WORDS = {
    408: ("Kiriman terhenti di tengah jalan. Kembali, lalu kirim lagi; yang Anda ketik masih ada.",
          "The upload stopped halfway. Go back and send it again; what you typed is still there."),
    413: ("Berkas ini lebih besar dari 5 MB. Kembali dan pilih yang lebih kecil; tangkapan layar sudah cukup.",
          "This file is larger than 5 MB. Go back and choose a smaller one; a screenshot is enough."),
    503: ("Sedang banyak kiriman. Kembali dan coba lagi sebentar lagi; yang Anda ketik masih ada.",
          "Many uploads are under way. Go back and try again shortly; what you typed is still there."),
    507: ("Tempat penyimpanan kami penuh. Pengelola akan tahu. Kembali dan coba lagi nanti; yang Anda ketik masih ada.",
          "Our storage is full. The practice will know. Go back and try again later; what you typed is still there."),
}


async def answer(
    send: Send, status: int, body: bytes, *, kind: bytes = b"text/plain; charset=utf-8", close: bool = False
) -> None:
    headers = [(b"content-type", kind), (b"content-length", str(len(body)).encode()), (b"cache-control", b"no-store")]
    if close:
        headers.append((b"connection", b"close"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def say(send: Send, status: int, *, english: bool) -> None:
    """A plain page with one sentence; needs neither database nor templates."""
    sentence = WORDS.get(status, WORDS[503])[1 if english else 0]
    language = "en" if english else "id"
    page = (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><title>Tatap</title></head>'
        f"<body><main><h1>{sentence}</h1></main></body></html>"
    )
    await answer(send, status, page.encode(), kind=b"text/html; charset=utf-8", close=True)
