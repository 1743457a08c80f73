"""The form for a tip: the same rules as for a file in the in-tray, shown by the field."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from django import forms

from pipeline.documents.picture import LARGEST_BYTES
from pipeline.editorial.picture_store import PictureError, keep_picture, kept_picture
from pipeline.editorial.wording_rules import FIELD_NAMES, STORED_PICTURE, Wording, WordingError, problems_of

FIELD_OF = {shown: field for field, shown in FIELD_NAMES.items()}
PICTURE_FIELDS = ("picture", "picture_alt", "no_picture")


class TipForm(forms.Form):
    """A tip as marketing writes it. `wording` is what was typed; `clean` shows every problem by its field.

    A picture is kept as soon as it is handed in, and its address goes on in the hidden `picture_url`: so it is not lost
    when something else in the form is wrong, and an upload of its own is no other thing than this form with a file.
    """

    title = forms.CharField(label="Title", max_length=200)
    text = forms.CharField(
        label="Text", widget=forms.Textarea(attrs={"rows": 7}), strip=False,
        help_text="Two or three sentences. **bold**, *italics*, [links](https://…) and lists work.",
    )  # fmt: skip
    topic = forms.CharField(label="Topic", max_length=80, widget=forms.TextInput(attrs={"list": "topics"}))
    author = forms.CharField(label="Author", max_length=120, required=False, help_text="Who vouches for it")
    link_url = forms.CharField(label="Link", max_length=1000, required=False, help_text="https://…")
    link_text = forms.CharField(label="Words of the link", max_length=200, required=False)
    picture_url = forms.CharField(max_length=1000, required=False, widget=forms.HiddenInput)
    picture = forms.FileField(
        label="Picture", required=False, widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        help_text="JPEG, PNG or WebP. It is made smaller, and forgets where it was taken.",
    )  # fmt: skip
    picture_alt = forms.CharField(
        label="What the picture shows", max_length=300, required=False, help_text="For readers who cannot see it"
    )
    no_picture = forms.BooleanField(label="Take the picture out", required=False)
    not_before = forms.DateField(
        label="Not before", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    not_after = forms.DateField(
        label="Not after", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(
        self, *args: Any, var: Path, base: Wording | None = None, needs_author: bool = True, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._base = base or Wording(title="", text="", topic="")
        self._needs_author = needs_author
        self._var = var

    def wording(self) -> Wording:
        """What was typed, over what the form does not show (the source's note)."""
        return replace(self._base, **self._typed())

    def _typed(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name not in {"picture", "no_picture"}}

    def clean_picture(self) -> Any:
        """Keeps what was handed in, and lets `picture_url` name it."""
        handed_in = self.cleaned_data.get("picture")
        if handed_in is None:
            return None
        name = str(handed_in.name)
        if (handed_in.size or 0) > LARGEST_BYTES:
            raise forms.ValidationError("It has more than 20 MB. Save it smaller, and hand it in again.")
        try:
            address = keep_picture(handed_in.read(), name, var=self._var)
        except PictureError as error:
            raise forms.ValidationError(f"{error.wrong[:1].upper()}{error.wrong[1:]}. {error.remedy}.") from error
        self._take(address)
        return handed_in

    def _take(self, address: str) -> None:
        self.data = {name: self.data.get(name) for name in self.data} | {"picture_url": address}
        self.cleaned_data["picture_url"] = address

    def clean_picture_url(self) -> str:
        """The picture of before, or one that was handed in here."""
        address = str(self.cleaned_data["picture_url"])
        if STORED_PICTURE.fullmatch(address) and kept_picture(address, var=self._var) is None:
            raise forms.ValidationError("This picture is not here any more. Hand it in again.")
        return address

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("no_picture"):
            self._take("")
            cleaned |= {"picture_url": "", "picture_alt": ""}
        if cleaned.get("picture_url") and not cleaned.get("picture_alt", "").strip():
            self.add_error("picture_alt", "is missing; say in a few words what the picture shows")
        if not self.errors:
            for problem in problems_of(self.wording(), needs_author=self._needs_author):
                self._add(problem.field, problem.message)
        return cleaned

    def show(self, error: WordingError) -> None:
        """Put what the action refused by its fields."""
        for problem in error.problems:
            self._add(problem.field, problem.message)

    def _add(self, shown: str, message: str) -> None:
        field = FIELD_OF.get(shown, shown)
        self.add_error(field if field in self.fields else None, message)

    @property
    def shown_picture(self) -> str:
        """The file name of a picture that is kept here; '' for none, or one on another site."""
        address = str(self["picture_url"].value() or "")
        return address.rpartition("/")[2] if STORED_PICTURE.fullmatch(address) else ""

    @property
    def words(self) -> list[forms.BoundField]:
        """The fields to show, other than the picture's."""
        return [field for field in self if not field.is_hidden and field.name not in PICTURE_FIELDS]


class CorrectionForm(TipForm):
    """A published tip in other words, with the note that tells readers what was wrong."""

    note = forms.CharField(
        label="What was wrong", max_length=500, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Readers see this beside the new words.",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("not_before", "not_after"):  # they say when a tip may go out, and this one has
            del self.fields[name]

    def wording(self) -> Wording:
        return replace(self._base, **{name: value for name, value in self._typed().items() if name != "note"})
