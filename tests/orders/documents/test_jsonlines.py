import gzip
import json

import pytest

from orders.documents.jsonlines import (
    LONGEST_LINE,
    NotADocument,
    UnreadableFile,
    parse_object,
    read_lines,
)


def refusals(path):
    """Why lines of a file are no documents, by their number."""
    return {
        line.number: str(line.value)
        for line in read_lines(path)
        if isinstance(line.value, NotADocument)
    }


def padded(size):
    """A JSON object of so many bytes."""
    return b'{"a":"' + b"x" * (size - 8) + b'"}'


@pytest.mark.parametrize("name", ["file.jsonl", "file.jsonl.gz"])
def test_lines_are_read_in_turn_with_their_numbers(jsonl, name):
    path = jsonl({"a": 1}, b"", b"   ", {"b": [True, None, "\u00e9"]}, name=name)

    found = [(line.number, line.value) for line in read_lines(path)]

    assert found == [(1, {"a": 1}), (4, {"b": [True, None, "\u00e9"]})]


def test_the_last_line_needs_no_line_break_and_windows_may_add_its_own(tmp_path):
    path = tmp_path / "file.jsonl"
    path.write_bytes(b'{"a": 1}\r\n\r\n{"b": 2}')

    assert [line.value for line in read_lines(path)] == [{"a": 1}, {"b": 2}]


def test_an_empty_file_holds_nothing(tmp_path):
    path = tmp_path / "file.jsonl"
    path.touch()

    assert list(read_lines(path)) == []


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"[1]", "is not a JSON object"),
        (b'"text"', "is not a JSON object"),
        (b"null", "is not a JSON object"),
        (b"1e999", "is not a JSON object"),
        (b"{", "is not JSON: Expecting property name enclosed in double quotes"),
        (b'{"a": 1} {"b": 2}', "is not JSON: Extra data at character 10"),
        (b"{'a': 1}", "is not JSON: Expecting property name enclosed in double quotes"),
        (b'{"a": 01}', "is not JSON: Expecting ',' delimiter at character 8"),
        (b'{"a": "\0"}', "is not JSON: Invalid control character at character 8"),
        (b"\0", "is not JSON: Expecting value at character 1"),
        (b'{"a": "\xff"}', "is not UTF-8"),
        ('{"a": "é"}'.encode("latin-1"), "is not UTF-8"),
        ('{"a": 1}'.encode("utf-16"), "is not UTF-8"),
        (b'{"a": "\xed\xa0\x80"}', "is not UTF-8"),
        (b'{"a": NaN}', "holds NaN, which is not JSON"),
        (b'{"a": [Infinity]}', "holds Infinity, which is not JSON"),
        (b'{"a": -Infinity}', "holds -Infinity, which is not JSON"),
        (b'{"a": 1, "b": 2, "a": 1}', "has the member 'a' twice"),
        (b'{"items": [{"key": "1", "key": "2"}]}', "has the member 'key' twice"),
        (b'{"a": ' + b"9" * 5000 + b"}", "holds a number that is too long"),
        (b'{"a": ' + b"[" * 100_000 + b"}", "is nested too deeply"),
        (b'{"a":' * 100_000, "is nested too deeply"),
        (padded(LONGEST_LINE + 1), "is longer than 4 MiB"),
    ],
    ids=lambda value: None if isinstance(value, bytes) and len(value) > 60 else value,
)
def test_a_line_that_is_no_document_is_told_and_the_file_goes_on(jsonl, line, reason):
    path = jsonl({"a": 1}, line, {"b": 2})

    [before, refused, after] = read_lines(path)

    assert (before.value, after.value, after.number) == ({"a": 1}, {"b": 2}, 3)
    assert isinstance(refused.value, NotADocument)
    assert str(refused.value).startswith(reason)


def test_a_number_beyond_floats_is_no_number_of_a_document():
    assert parse_object(b'{"a": 1e999}') == {"a": float("inf")}  # no field of ours takes it


def test_a_line_of_four_mebibytes_is_the_longest(jsonl):
    longest = padded(LONGEST_LINE)
    path = jsonl(longest, longest + b"\r", padded(LONGEST_LINE + 1), padded(9 * LONGEST_LINE), {})

    assert refusals(path) == {3: "is longer than 4 MiB", 4: "is longer than 4 MiB"}
    assert [line.number for line in read_lines(path)] == [1, 2, 3, 4, 5]


def test_a_byte_order_mark_is_told_on_the_first_line_only(jsonl):
    path = jsonl(b'\xef\xbb\xbf{"a": 1}', b'\xef\xbb\xbf{"a": 1}')

    found = refusals(path)

    assert found[1] == "starts with a byte order mark; save the file as UTF-8 without it"
    assert found[2].startswith("is not JSON: ")


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(UnreadableFile, match=r"nowhere\.jsonl: No such file or directory$"):
        list(read_lines(tmp_path / "nowhere.jsonl"))


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(UnreadableFile, match=r": Is a directory$"):
        list(read_lines(tmp_path))


def test_a_file_that_is_no_archive_is_named(tmp_path):
    path = tmp_path / "file.jsonl.gz"
    path.write_bytes(b'{"a": 1}\n')

    with pytest.raises(UnreadableFile, match=r"file\.jsonl\.gz: Not a gzipped file"):
        list(read_lines(path))


def test_a_cut_off_archive_is_read_as_far_as_it_goes(tmp_path):
    path = tmp_path / "file.jsonl.gz"
    whole = gzip.compress(b"".join(json.dumps({"n": n}).encode() + b"\n" for n in range(50_000)))
    path.write_bytes(whole[: len(whole) // 2])
    read = []

    with pytest.raises(UnreadableFile, match=r"file\.jsonl\.gz: Compressed file ended"):
        read.extend(line.value["n"] for line in read_lines(path))

    assert read == list(range(len(read)))
    assert len(read) > 10_000


def test_a_damaged_archive_is_named(tmp_path):
    path = tmp_path / "file.jsonl.gz"
    damaged = bytearray(gzip.compress(b'{"a": 1}\n' * 1000))
    damaged[20:30] = b"\xff" * 10
    path.write_bytes(damaged)

    with pytest.raises(UnreadableFile, match=r"file\.jsonl\.gz: "):
        list(read_lines(path))


@pytest.mark.parametrize(
    ("value", "where"),
    [
        ({"order_number": "00001401"}, "line 1, order 00001401"),
        ({"order_number": "x" * 65}, f"line 1, order {'x' * 64}"),
        ({"order_number": "a\nb"}, "line 1"),
        ({"order_number": 1401}, "line 1"),
        ({}, "line 1"),
        ([], "line 1"),
    ],
)
def test_messages_name_the_line_and_its_order(jsonl, value, where):
    [line] = read_lines(jsonl(value))

    assert line.where == where
