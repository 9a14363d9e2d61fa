"""What only the server's own entry sees: a request before Django has made one of it."""

from io import BytesIO
from wsgiref.util import setup_testing_defaults

import pytest

from config.wsgi import application

BODY = b'--b\r\nContent-Disposition: form-data; name="username"\r\n\r\nx\r\n--b--\r\n'


@pytest.mark.django_db
def test_who_asks_for_the_head_alone_gets_no_body_and_its_length():
    environ = {"REQUEST_METHOD": "HEAD", "PATH_INFO": "/healthz", "QUERY_STRING": ""}
    setup_testing_defaults(environ)
    told = []

    body = application(environ, lambda status, headers: told.append((status, dict(headers))))

    [(status, headers)] = told
    assert (list(body), status) == ([], "200 OK")
    assert headers["Content-Type"] == "text/plain"


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["", "next=/"])
@pytest.mark.parametrize(
    "charset",
    [
        "charset=base64",
        "charset=idna",
        "CharSet = punycode",
        "charset=latin-1",
        "charset=no-such",
        "charset=UTF-8",
        "charset*=base64",
        "charset*=utf-8''base64",
    ],
)
@pytest.mark.parametrize(
    ("method", "path", "answer"), [("GET", "/healthz", "200 OK"), ("POST", "/sign-in/", "403")]
)
def test_a_charset_that_is_none_breaks_nothing(method, path, answer, charset, query):
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "CONTENT_TYPE": f"multipart/form-data; boundary=b; {charset}",
        "CONTENT_LENGTH": str(len(BODY)),
        "wsgi.input": BytesIO(BODY),
    }
    setup_testing_defaults(environ)
    environ["HTTP_HOST"] = "localhost"
    told = []

    response = application(environ, lambda status, headers: told.append(status))
    response.close()

    assert told[0].startswith(answer)
