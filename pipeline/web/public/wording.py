"""The fixed words of the pages for readers, in one place. English and German are complete; another language gets
English, marked as such. `{newsletter}` stands for its name, in any phrase.

The `*_refused` phrases stand in for an error's own message, which is in English; where they are empty, it is shown.
"""

from dataclasses import asdict, dataclass


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
    feed_button: str
    feed_title: str
    feed_text: str
    feed_keep: str
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
    address_refused="",
    flood_refused="",
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
    name_refused="",
    save="Save",
    saved="Saved.",
    search_title="Search the archive",
    search_label="Words to look for",
    search_button="Search",
    search_none="No tip holds all of these words. Try fewer of them, or other ones.",
    search_newer="Newer tips",
    search_older="Older tips",
    feed_section="Read it in a feed reader",
    feed_section_text="A feed of your own brings every tip to a feed reader, in full. The mail goes on until you "
    "leave; then this feed ends, too.",
    feed_topics="Only these topics (none ticked: all of them)",
    feed_button="Make my private feed",
    feed_title="Your private feed",
    feed_text="Copy one of these addresses into your feed reader. They all say the same; most readers take any.",
    feed_keep="The address is yours alone: whoever has it can read along. It works for as long as you are on the list.",
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
GERMAN = Wording(
    language="de",
    skip="Zum Text",
    archive="Archiv",
    subscribe="Abonnieren",
    subscribe_title="{newsletter} per Mail",
    subscribe_lead="Geben Sie Ihre Adresse ein. Sie erhalten eine Mail zur Bestätigung und danach jede neue Ausgabe.",
    address="Ihre Mailadresse",
    address_hint="Zum Beispiel: name@example.com",
    address_refused="Das ist keine Mailadresse, an die sich senden lässt. Prüfen Sie bitte die Schreibweise.",
    flood_refused="Aus Ihrem Netz kamen eben viele Anfragen. Versuchen Sie es bitte in einer Stunde noch einmal.",
    leave_empty="Dieses Feld bitte leer lassen",
    privacy="Ihre Adresse dient allein diesem Newsletter. Jede Ausgabe enthält einen Link zum Abmelden.",
    sent_title="Schauen Sie in Ihr Postfach",
    sent_text="Steht diese Adresse noch nicht auf der Liste, ist eine Mail mit einem Link unterwegs. Öffnen Sie ihn "
    "und drücken Sie dort den Knopf, dann stehen Sie auf der Liste.",
    sent_known="Heute schon angefragt? Dann gilt die Mail, die Sie bereits haben.",
    not_arrived="Nach einigen Minuten nichts da? Schauen Sie auch in den Spam-Ordner.",
    confirm_title="Drücken Sie den Knopf, dann stehen Sie auf der Liste",
    confirm_text="Sie möchten {newsletter} per Mail erhalten.",
    confirm_button="Anmeldung bestätigen",
    confirmed_title="Sie stehen auf der Liste",
    confirmed_text="Die nächste Ausgabe von {newsletter} kommt in Ihr Postfach.",
    confirmed_name="Nennen Sie uns Ihren Namen",
    read_archive="Die bisherigen Ausgaben lesen",
    expired_title="Dieser Link ist zu alt",
    expired_text="Links zur Bestätigung gelten einige Tage. Fordern Sie einen neuen an; es dauert nur einen Moment.",
    used_title="Dieser Link gilt nicht mehr",
    used_text="Er wurde benutzt, und das Abonnement ist inzwischen beendet. Wenn Sie zurückkommen möchten, melden Sie "
    "sich neu an.",
    bad_link_title="Dieser Link ist nicht vollständig",
    bad_link_text="Vielleicht ging unterwegs ein Teil verloren. Öffnen Sie ihn noch einmal aus der Mail, oder kopieren "
    "Sie ihn ganz.",
    subscribe_again="Neu anmelden",
    leave_title="{newsletter} abmelden?",
    leave_text="Ein Druck, und Sie erhalten keine weitere Ausgabe.",
    leave_button="Abmelden",
    left_title="Sie sind abgemeldet",
    left_text="Sie erhalten keine weitere Ausgabe von {newsletter}.",
    left_mistake="War das ein Versehen?",
    undo="Rückgängig machen und auf der Liste bleiben",
    undone_title="Sie stehen wieder auf der Liste",
    undone_text="Alles ist, wie es war. Die nächste Ausgabe von {newsletter} kommt in Ihr Postfach.",
    too_late_title="Das lässt sich hier nicht mehr rückgängig machen",
    too_late_text="Sie können jederzeit zurückkommen, indem Sie sich neu anmelden.",
    preferences="Einstellungen",
    preferences_title="Ihr Abonnement",
    preferences_for="{newsletter} für",
    pending_note="Dieses Abonnement ist noch nicht bestätigt: Der Link steht in der Mail, die Sie von uns haben.",
    name="Ihr Name",
    name_hint="Damit begrüßen Sie die Ausgaben. Lassen Sie ihn leer, wenn Sie mögen.",
    name_refused="Dieser Name ist zu lang oder enthält Zeichen, die in einer Mail nicht stehen können.",
    save="Speichern",
    saved="Gespeichert.",
    search_title="Im Archiv suchen",
    search_label="Gesuchte Wörter",
    search_button="Suchen",
    search_none="Kein Tipp enthält all diese Wörter. Versuchen Sie es mit weniger oder anderen.",
    search_newer="Neuere Tipps",
    search_older="Ältere Tipps",
    feed_section="Im Feedreader lesen",
    feed_section_text="Ein eigener Feed bringt jeden Tipp in voller Länge in einen Feedreader. Die Mails gehen weiter, "
    "bis Sie sich abmelden; dann endet auch dieser Feed.",
    feed_topics="Nur diese Themen (keines angekreuzt: alle)",
    feed_button="Meinen privaten Feed anlegen",
    feed_title="Ihr privater Feed",
    feed_text="Kopieren Sie eine dieser Adressen in Ihren Feedreader. Alle sagen dasselbe; die meisten Reader nehmen "
    "jede.",
    feed_keep="Die Adresse gehört Ihnen allein: Wer sie hat, liest mit. Sie gilt, solange Sie auf der Liste stehen.",
    leave_section="Abmelden",
    leave_section_text="Sie erhalten keine weitere Ausgabe. Auszufüllen ist nichts.",
    not_on_list_title="Sie stehen nicht auf der Liste",
    not_on_list_text="Zu ändern ist nichts: Diese Adresse erhält keine Ausgabe von {newsletter}.",
    missing_title="Hier ist nichts",
    missing_text="Die Seite kann umgezogen sein, oder in der Adresse steckt ein Fehler.",
    home="Zum Anfang",
    home_title="Newsletter zum Abonnieren",
    home_empty="Noch gibt es keinen Newsletter.",
    embed_title="Das Formular auf Ihrer eigenen Seite",
    embed_lead="Zwei Wege, {newsletter} von Ihren Seiten aus zu abonnieren. Kopieren Sie den, der passt.",
    embed_frame="Als Rahmen",
    embed_frame_text="Er bringt sein Aussehen mit, hell und dunkel, und antwortet an Ort und Stelle.",
    embed_form="Als schlichtes Formular",
    embed_form_text="Es nimmt das Aussehen Ihrer Seite an, und die Antwort öffnet sich hier.",
    embed_preview="So sieht der Rahmen aus",
)
_BY_LANGUAGE = {words.language: words for words in (ENGLISH, GERMAN)}


def words_for(language: str, newsletter_name: str = "") -> dict[str, str]:
    """The words for a BCP 47 tag, with the newsletter's name in its places."""
    words = _BY_LANGUAGE.get(language.split("-")[0].lower(), ENGLISH)
    return {key: text.replace("{newsletter}", newsletter_name) for key, text in asdict(words).items()}
