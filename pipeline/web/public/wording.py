"""The fixed words of the pages for readers, in one place. `{newsletter}` stands for its name, in any phrase.

The English stands here, its translations in `render/locale/`; English and German are complete. Another language gets
English, marked as such. The `*_refused` phrases stand in for an error's own message, which is in English.
"""

from dataclasses import asdict, dataclass
from functools import lru_cache

from pipeline.render.catalogue import SOURCE_LANGUAGE, translated


@dataclass(frozen=True, slots=True)
class Wording:
    language: str
    skip: str
    archive: str
    subscribe: str
    subscribe_title: str
    subscribe_lead: str
    address: str
    address_hint: str
    address_refused: str
    flood_refused: str
    leave_empty: str
    privacy: str
    sent_title: str
    sent_text: str
    sent_known: str
    not_arrived: str
    confirm_title: str
    confirm_text: str
    confirm_button: str
    confirmed_title: str
    confirmed_text: str
    confirmed_name: str
    read_archive: str
    expired_title: str
    expired_text: str
    used_title: str
    used_text: str
    bad_link_title: str
    bad_link_text: str
    subscribe_again: str
    leave_title: str
    leave_text: str
    leave_button: str
    left_title: str
    left_text: str
    left_mistake: str
    undo: str
    undone_title: str
    undone_text: str
    too_late_title: str
    too_late_text: str
    preferences: str
    preferences_title: str
    preferences_for: str
    pending_note: str
    name: str
    name_hint: str
    name_refused: str
    zone: str
    zone_hint: str
    zone_same: str
    zone_refused: str
    save: str
    saved: str
    search_title: str
    search_label: str
    search_button: str
    search_none: str
    search_newer: str
    search_older: str
    feed_section: str
    feed_section_text: str
    feed_topics: str
    feed_instead: str
    feed_button: str
    feed_save: str
    feed_paused: str
    feed_title: str
    feed_text: str
    feed_keep: str
    feed_without_mail: str
    feed_with_mail: str
    feed_new_section: str
    feed_new_text: str
    feed_new_button: str
    feed_new_done: str
    feed_gone: str
    feed_unknown: str
    leave_section: str
    leave_section_text: str
    not_on_list_title: str
    not_on_list_text: str
    missing_title: str
    missing_text: str
    home: str
    home_title: str
    home_empty: str
    embed_title: str
    embed_lead: str
    embed_frame: str
    embed_frame_text: str
    embed_form: str
    embed_form_text: str
    embed_preview: str


ENGLISH = Wording(
    language="en",
    skip="Skip to the text",
    archive="Archive",
    subscribe="Subscribe",
    subscribe_title="Get {newsletter} by email",
    subscribe_lead="Enter your address. You get one mail to confirm it, and then every new issue.",
    address="Your email address",
    address_hint="For example: name@example.com",
    address_refused="This is no address that mail can be sent to. Please check how it is written.",
    flood_refused="Many requests came from your network just now. Please try again in an hour.",
    leave_empty="Leave this field empty",
    privacy="Your address is used for this newsletter alone. Every issue has a link to leave.",
    sent_title="Look into your mailbox",
    sent_text="If this address is not on the list yet, a mail with a link is on its way. Open the link and press the "
    "button there, and you are on the list.",
    sent_known="Asked before today? Then the mail that you have is the one to use.",
    not_arrived="Nothing there after a few minutes? Look into the spam folder, too.",
    confirm_title="Press the button, and you are on the list",
    confirm_text="You asked to get {newsletter} by email.",
    confirm_button="Confirm my subscription",
    confirmed_title="You are on the list",
    confirmed_text="The next issue of {newsletter} comes to your mailbox.",
    confirmed_name="Tell us your name",
    read_archive="Read the issues so far",
    expired_title="This link is too old",
    expired_text="Links to confirm work for a few days. Ask for a new one; it takes a moment.",
    used_title="This link no longer works",
    used_text="It was used, and the subscription has ended since. If you would like to come back, subscribe again.",
    bad_link_title="This link is not complete",
    bad_link_text="Part of it may have been lost on its way. Open it from the mail again, or copy the whole of it.",
    subscribe_again="Subscribe again",
    leave_title="Leave {newsletter}?",
    leave_text="One press, and you get no further issue.",
    leave_button="Unsubscribe",
    left_title="You have left",
    left_text="You get no further issue of {newsletter}.",
    left_mistake="Was that a mistake?",
    undo="Undo, and keep me on the list",
    undone_title="You are back on the list",
    undone_text="Everything is as it was. The next issue of {newsletter} comes to your mailbox.",
    too_late_title="This can no longer be undone here",
    too_late_text="You can come back at any time by subscribing again.",
    preferences="Preferences",
    preferences_title="Your subscription",
    preferences_for="{newsletter} for",
    pending_note="This subscription is not confirmed yet: the mail that we sent you has the link.",
    name="Your name",
    name_hint="Issues greet you by it. Leave it empty if you like.",
    name_refused="This name is too long, or holds characters that cannot stand in a mail.",
    zone="Your time zone",
    zone_hint="Issues reach you when your own clocks show their time.",
    zone_same="The newsletter's own time",
    zone_refused="There is no such time zone. Choose one from the list.",
    save="Save",
    saved="Saved.",
    search_title="Search the archive",
    search_label="Words to look for",
    search_button="Search",
    search_none="No tip holds all of these words. Try fewer of them, or other ones.",
    search_newer="Newer tips",
    search_older="Older tips",
    feed_section="Read it in a feed reader",
    feed_section_text="A feed of your own brings every tip to a feed reader, in full, beside the mail or in its place.",
    feed_topics="Only these topics (none ticked: all of them)",
    feed_instead="Send me no mail while I read the feed",
    feed_button="Make my private feed",
    feed_save="Save, and show the addresses",
    feed_paused="You read {newsletter} in your feed, and no mail goes to you.",
    feed_title="Your private feed",
    feed_text="Copy one of these addresses into your feed reader. They all say the same; most readers take any.",
    feed_keep="The address is yours alone: whoever has it can read along. It works for as long as you are on the list.",
    feed_without_mail="No mail goes to you while you read the feed.",
    feed_with_mail="The mail comes as before.",
    feed_new_section="Did somebody else get to know an address?",
    feed_new_text="New addresses end the old ones at once. Your reader then needs the new one.",
    feed_new_button="Make new addresses",
    feed_new_done="These are new addresses. The old ones have ended.",
    feed_gone="This address has ended: it was replaced by a new one, or its subscription ended. "
    "Your preferences have the address; subscribing again gives you a new one.",
    feed_unknown="There is no such feed. Copy the whole of its address.",
    leave_section="Leave",
    leave_section_text="You get no further issue. There is nothing to fill in.",
    not_on_list_title="You are not on the list",
    not_on_list_text="There is nothing to change: this address gets no issue of {newsletter}.",
    missing_title="There is nothing here",
    missing_text="The page may have moved, or the address may hold a slip.",
    home="To the start",
    home_title="Newsletters to subscribe to",
    home_empty="There is no newsletter yet.",
    embed_title="Put the form on your own site",
    embed_lead="Two ways to let people subscribe to {newsletter} from your pages. Copy the one that suits you.",
    embed_frame="As a frame",
    embed_frame_text="It brings its own look, in light and in dark, and answers in its place.",
    embed_form="As a plain form",
    embed_form_text="It takes the look of your site, and the answer opens here.",
    embed_preview="This is how the frame looks",
)
ROOM = "public"
GERMAN = translated(ENGLISH, ROOM, "de")


def words_for(language: str, newsletter_name: str = "") -> dict[str, str]:
    """The words for a BCP 47 tag, with the newsletter's name in its places."""
    words = asdict(_wording(language))
    return {key: text.replace("{newsletter}", newsletter_name) for key, text in words.items()}


def refusal(name: str, language: str, error: Exception) -> str:
    """What a page in `language` says of a refused field: the error's own words where they are in that language."""
    words = _wording(language)
    return str(error) if words.language == SOURCE_LANGUAGE else str(getattr(words, f"{name}_refused"))


@lru_cache(maxsize=64)
def _wording(language: str) -> Wording:
    return translated(ENGLISH, ROOM, language)
