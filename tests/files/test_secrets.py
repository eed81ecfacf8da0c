"""A secret comes from where its reference says, and shows itself nowhere."""

import os
from pathlib import Path

import pytest

from scheduler.errors import MissingSecret
from scheduler.files.secrets import resolve


def test_a_secret_is_taken_from_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLINIC_PASSWORD", "abcd efgh\n")
    secret = resolve("env:CLINIC_PASSWORD", tmp_path)
    assert secret.reveal() == "abcd efgh"
    assert "abcd" not in f"{secret} {secret!r}"


@pytest.mark.parametrize("mode", [0o600, 0o400])
def test_a_secret_is_taken_from_a_file_that_only_its_user_can_read(
    mode: int, tmp_path: Path
) -> None:
    (tmp_path / "token").write_text(" abcd\r\n", encoding="utf-8")
    (tmp_path / "token").chmod(mode)
    assert resolve("file:token", tmp_path).reveal() == " abcd"
    assert resolve(f"file:{tmp_path}/token", Path("/")).reveal() == " abcd"


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o644, 0o666])
def test_a_file_that_others_can_read_is_refused(mode: int, tmp_path: Path) -> None:
    (tmp_path / "token").write_text("abcd", encoding="utf-8")
    (tmp_path / "token").chmod(mode)
    with pytest.raises(MissingSecret, match="chmod 600") as caught:
        resolve("file:token", tmp_path)
    assert "file:token" in str(caught.value)
    assert "abcd" not in str(caught.value)


def test_what_is_no_file_or_a_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("abcd", encoding="utf-8")
    (tmp_path / "token").chmod(0o600)
    (tmp_path / "link").symlink_to(tmp_path / "token")
    os.mkfifo(tmp_path / "pipe", 0o600)
    for name in ("link", "pipe", ".", "absent", "token/x", "x\0y"):
        with pytest.raises(MissingSecret):
            resolve(f"file:{name}", tmp_path)


@pytest.mark.parametrize("content", [b"", b"\n", b"\xff\xfe", b"x" * 70_000])
def test_a_file_that_holds_no_secret_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "token").write_bytes(content)
    (tmp_path / "token").chmod(0o600)
    with pytest.raises(MissingSecret, match="file:token"):
        resolve("file:token", tmp_path)


def test_a_variable_that_is_not_set_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CLINIC_PASSWORD", raising=False)
    with pytest.raises(MissingSecret, match="the variable CLINIC_PASSWORD is not set"):
        resolve("env:CLINIC_PASSWORD", tmp_path)


def test_a_secret_given_instead_of_a_reference_is_never_repeated(tmp_path: Path) -> None:
    with pytest.raises(MissingSecret) as caught:
        resolve("hunter2!", tmp_path)
    assert "hunter2" not in str(caught.value)
