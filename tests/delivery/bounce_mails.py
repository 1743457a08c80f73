"""Bounces and complaints as servers write them: made for these tests, in the forms of the standards and of habit."""

from textwrap import dedent


def dsn(to: str, *, action: str = "failed", status: str = "5.1.1", said: str = "550 5.1.1 no such user",
        date: str = "Tue, 24 Nov 2026 09:00:00 +0000", more: str = "") -> bytes:  # fmt: skip
    """RFC 3464, as a relay makes it that could not deliver."""
    return _mail(f"""\
        Return-Path: <>
        Delivered-To: {to}
        From: Mail Delivery System <MAILER-DAEMON@relay.example>
        To: {to}
        Date: {date}
        Subject: Undelivered Mail Returned to Sender
        Auto-Submitted: auto-replied
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=delivery-status; boundary="b1"

        --b1
        Content-Type: text/plain

        The mail could not be delivered to <ada@example.org>.

        --b1
        Content-Type: message/delivery-status

        Reporting-MTA: dns; relay.example
        Arrival-Date: {date}

        Final-Recipient: rfc822; ada@example.org
        Original-Recipient: rfc822;ada@example.org
        Action: {action}
        Status: {status}
        Remote-MTA: dns; mx.example.org
        Diagnostic-Code: smtp; {said} <ada@example.org>
        {more}
        --b1
        Content-Type: text/rfc822-headers

        Message-ID: <7.0123456789abcdef0123456789abcdef@newsletter.example>
        Subject: Three small habits

        --b1--
        """)


def arf(*, feedback: str = "abuse", mail_from: str = "", return_path: str = "", message_id: str = "",
        unsubscribe: str = "") -> bytes:  # fmt: skip
    """RFC 5965, as a mailbox provider makes it; what it takes out of the original differs."""
    lines = [f"Return-Path: {return_path}"] if return_path else []
    lines += [f"List-Unsubscribe: <{unsubscribe}>"] if unsubscribe else []
    original = "\n        ".join(lines)
    from_line = f"Original-Mail-From: {mail_from}" if mail_from else "Arrival-Date: Tue, 24 Nov 2026 09:00:00 +0000"
    return _mail(f"""\
        From: feedback@mailbox.example
        To: abuse@newsletter.example
        Date: Tue, 24 Nov 2026 09:00:00 +0000
        Subject: FW: Three small habits
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=feedback-report; boundary="b2"

        --b2
        Content-Type: text/plain

        This is an abuse report.

        --b2
        Content-Type: message/feedback-report

        Feedback-Type: {feedback}
        User-Agent: SomeReporter/1.0
        Version: 1
        {from_line}

        --b2
        Content-Type: message/rfc822

        Message-ID: {message_id or "<gone@mailbox.example>"}
        {original}
        From: hello@newsletter.example
        To: redacted@mailbox.example
        Subject: Three small habits

        Hello
        --b2--
        """)


def in_words(to: str, text: str, *, return_path: str = "<>", more: str = "X-Note: none") -> bytes:
    """A bounce without a form, as older servers write it."""
    return _mail(f"""\
        Return-Path: {return_path}
        Delivered-To: {to}
        From: postmaster@old.example
        To: {to}
        Subject: failure notice
        {more}

        Hi. I could not deliver your message to the following addresses.

        <ada@example.org>:
        {text}
        """)


def _mail(text: str) -> bytes:
    lines = dedent(text).splitlines()
    return "".join(f"{line.strip() if line.startswith(' ') else line}\r\n" for line in lines).encode()
