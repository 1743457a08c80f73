"""Files and folders: what is taken, what is passed over, and what is said about the rest."""

import os
from pathlib import Path

import pytest

from pipeline.documents import DocumentError
from pipeline.documents.files import find, read_path
from pipeline.documents.reading import LARGEST_BYTES

ARTICLE = "Care\n\nPat dry after washing your face. Never rub it with a towel.\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "in tray"
    (root / "b").mkdir(parents=True)
    (root / ".hidden").mkdir()
    for name in ("z.txt", "a.md", "b/c.html", ".secret.txt", ".hidden/x.txt"):
        (root / name).write_text(ARTICLE, encoding="utf-8")
    return root


def test_a_folder_is_searched_by_name_without_hidden_files(folder: Path) -> None:
    assert [path.relative_to(folder).as_posix() for path in find(folder)] == ["a.md", "b/c.html", "z.txt"]


def test_a_file_is_itself(folder: Path) -> None:
    assert find(folder / "z.txt") == [folder / "z.txt"]


def test_a_file_is_read_under_its_own_name(folder: Path) -> None:
    document = read_path(folder / "z.txt")
    assert document.name == "z.txt"
    assert document.text == ARTICLE


def test_what_is_no_document_is_reported_and_the_rest_goes_on(folder: Path) -> None:
    (folder / "photo.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    (folder / "data.bin").write_bytes(bytes(range(256)) * 9)
    told: list[DocumentError] = []
    assert len(find(folder, report=told.append)) == 3
    assert [Path(error.name).name for error in told] == ["data.bin", "photo.png"]
    assert "a PNG picture" in str(told[1])
    with pytest.raises(DocumentError):
        find(folder)


def test_a_link_out_of_the_folder_is_refused(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "outside.txt").write_text(ARTICLE, encoding="utf-8")
    (folder / "link.txt").symlink_to(tmp_path / "outside.txt")
    (folder / "up").symlink_to(tmp_path, target_is_directory=True)
    told: list[DocumentError] = []
    assert len(find(folder, report=told.append)) == 3
    assert len(told) == 2
    assert all("leads out of the folder" in str(error) for error in told)


def test_links_inside_the_folder_neither_double_nor_circle(folder: Path) -> None:
    (folder / "again.txt").symlink_to(folder / "z.txt")
    (folder / "b" / "loop").symlink_to(folder, target_is_directory=True)
    assert len(find(folder)) == 3


def test_a_pipe_is_not_waited_for(folder: Path) -> None:
    os.mkfifo(folder / "pipe.txt")
    with pytest.raises(DocumentError, match="not an ordinary file"):
        read_path(folder / "pipe.txt")
    with pytest.raises(DocumentError, match="not an ordinary file"):
        find(folder)


def test_a_missing_file_is_told_with_its_path(tmp_path: Path) -> None:
    for call in (find, read_path):
        with pytest.raises(DocumentError, match="there is no such file") as caught:
            call(tmp_path / "gone.txt")
        assert str(tmp_path / "gone.txt") in str(caught.value)


def test_a_folder_is_no_file(folder: Path) -> None:
    with pytest.raises(DocumentError, match="it is a folder"):
        read_path(folder)


def test_an_odd_name_is_no_crash(tmp_path: Path) -> None:
    with pytest.raises(DocumentError):
        read_path(tmp_path / "nul\0byte")


def test_a_huge_file_is_refused_without_being_read_whole(tmp_path: Path) -> None:
    with (tmp_path / "huge.txt").open("wb") as file:
        file.truncate(LARGEST_BYTES * 40)
        file.write(b"words ")
    with pytest.raises(DocumentError, match="larger than 64 MB"):
        read_path(tmp_path / "huge.txt")


@pytest.mark.parametrize(
    ("data", "wrong"),
    [
        (b"", "empty"),
        (b" \n\t \n", "empty"),
        ("\ufeff".encode(), "no words"),
        (b"caf\xe9 and more words", "line 1 is not UTF-8"),
        (b"fine\nthen \xff\xfe not", "line 2 is not UTF-8"),
        ("words".encode("utf-16"), "text in UTF-16"),
        (b"\xff\xd8\xff\xe0" + bytes(50), "a JPEG picture"),
        (b"\xd0\xcf\x11\xe0" + bytes(50), "an old or encrypted Office file"),
        (b"words\0words", "binary"),
    ],
)
def test_what_cannot_be_read_is_told_with_what_to_do(tmp_path: Path, data: bytes, wrong: str) -> None:
    (tmp_path / "x.txt").write_bytes(data)
    with pytest.raises(DocumentError, match=wrong) as caught:
        read_path(tmp_path / "x.txt")
    assert caught.value.name == str(tmp_path / "x.txt")
    assert caught.value.remedy
