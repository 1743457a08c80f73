// Reads mails as JSON from stdin, [{"name", "html"}], and writes what the checkers find as JSON:
// {"name": {"html": ["rule: message (line)"], "unsupported": {"feature": ["mail program", ...]}}}
// With the argument "pages" they are whole pages of a site: held to all recommended rules, and to no mail program.
import { HtmlValidate, StaticConfigLoader } from "html-validate";
import { caniemail } from "caniemail";

const CLIENTS = ["apple-mail.*", "gmail.*", "outlook.*", "yahoo.*", "aol.*", "samsung-email.*", "thunderbird.*"];

const arePages = process.argv.includes("pages");
const preset = arePages ? "html-validate:recommended" : "html-validate:standard";
// Checkboxes that share a name are a list of choices, and sent as one.
const rules = arePages ? { "form-dup-name": ["error", { shared: ["radio", "checkbox", "submit", "button", "reset"] }] } : {};
const validator = new HtmlValidate(new StaticConfigLoader({ extends: [preset], rules, root: true }));

function htmlFindings(html) {
  const report = validator.validateStringSync(html);
  return report.results.flatMap(({ messages }) => messages.map(({ ruleId, message, line }) => `${ruleId}: ${message} (${line})`));
}

function unsupported(html) {
  const found = {};
  const { issues } = caniemail({ clients: CLIENTS, html });
  for (const level of [issues.errors, issues.warnings]) {
    for (const [client, features] of level) {
      for (const { title, support } of features) {
        (found[`${title}${support === "none" || level === issues.errors ? "" : " (partly)"}`] ??= new Set()).add(client);
      }
    }
  }
  return Object.fromEntries(Object.entries(found).map(([title, clients]) => [title, [...clients].sort()]));
}

let input = "";
for await (const piece of process.stdin) input += piece;
const answer = {};
for (const { name, html } of JSON.parse(input)) {
  answer[name] = { html: htmlFindings(html), unsupported: arePages ? {} : unsupported(html) };
}
process.stdout.write(JSON.stringify(answer));
