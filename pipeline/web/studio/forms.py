"""The form for a tip: the same rules as for a file in the in-tray, shown by the field."""

from dataclasses import replace
from typing import Any

from django import forms

from pipeline.editorial.wording_rules import FIELD_NAMES, Wording, WordingError, problems_of

FIELD_OF = {shown: field for field, shown in FIELD_NAMES.items()}


class TipForm(forms.Form):
    """A tip as marketing writes it. `wording` is what was typed; `clean` shows every problem by its field."""

    title = forms.CharField(label="Title", max_length=200)
    text = forms.CharField(
        label="Text", widget=forms.Textarea(attrs={"rows": 7}), strip=False,
        help_text="Two or three sentences. **bold**, *italics*, [links](https://…) and lists work.",
    )  # fmt: skip
    topic = forms.CharField(label="Topic", max_length=80, widget=forms.TextInput(attrs={"list": "topics"}))
    author = forms.CharField(label="Author", max_length=120, required=False, help_text="Who vouches for it")
    link_url = forms.CharField(label="Link", max_length=1000, required=False, help_text="https://…")
    link_text = forms.CharField(label="Words of the link", max_length=200, required=False)
    not_before = forms.DateField(
        label="Not before", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    not_after = forms.DateField(
        label="Not after", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, base: Wording | None = None, needs_author: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._base = base or Wording(title="", text="", topic="")
        self._needs_author = needs_author

    def wording(self) -> Wording:
        """What was typed, over what the form does not show (picture, source note)."""
        return replace(self._base, **self.cleaned_data)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors:
            for problem in problems_of(self.wording(), needs_author=self._needs_author):
                field = FIELD_OF.get(problem.field, problem.field)
                self.add_error(field if field in self.fields else None, problem.message)
        return cleaned

    def show(self, error: WordingError) -> None:
        """Put what the action refused by its fields."""
        for problem in error.problems:
            field = FIELD_OF.get(problem.field, problem.field)
            self.add_error(field if field in self.fields else None, problem.message)


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
        return replace(self._base, **{name: value for name, value in self.cleaned_data.items() if name != "note"})
