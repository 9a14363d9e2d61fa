"""Mail backends that fail in ways of their own."""

import smtplib

from django.core.mail.backends.locmem import EmailBackend


class Refusing(EmailBackend):
    """A mail server that says no to every mail."""

    def send_messages(self, messages):
        raise smtplib.SMTPDataError(451, b"Try\x07 again later")


class RefusingSome(EmailBackend):
    """A mail server that says no to mails for one person, and takes others."""

    def send_messages(self, messages):
        if any("refused@example.com" in message.to for message in messages):
            raise smtplib.SMTPRecipientsRefused({})
        return super().send_messages(messages)


class Away(EmailBackend):
    """A mail server that is not there."""

    def open(self):
        raise TimeoutError("timed out")


class HangsUp(EmailBackend):
    """A mail server that takes every mail, and hangs up before it says so."""

    def send_messages(self, messages):
        super().send_messages(messages)
        raise smtplib.SMTPServerDisconnected("Connection unexpectedly closed")
