// Mails a message to so many recipients through nodemailer's pool, and prints {seconds, cpu_seconds} as JSON:
//     node nodemailer_pool.mjs PORT COUNT CONNECTIONS FILE
// FILE holds {subject, html, text}; each reader's greeting stands where it says GREETING.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const require = createRequire(new URL("../../npm/", import.meta.url));
const nodemailer = require("nodemailer");
const [port, count, connections, file] = process.argv.slice(2);
const mail = JSON.parse(readFileSync(file, "utf8"));
const transport = nodemailer.createTransport({
  host: "127.0.0.1", port: Number(port), pool: true, maxConnections: Number(connections), maxMessages: Infinity,
  ignoreTLS: true,
});
const started = process.hrtime.bigint();
const before = process.cpuUsage();
await Promise.all(
  Array.from({ length: Number(count) }, (_, number) =>
    transport.sendMail({
      from: "The Skin Letter <a@n.example>",
      to: `Reader ${number} <reader${number}@example.org>`,
      subject: mail.subject,
      text: mail.text.replaceAll("GREETING", `Hello Reader ${number},`),
      html: mail.html.replaceAll("GREETING", `Hello Reader ${number},`),
    }),
  ),
);
const cpu = process.cpuUsage(before);
transport.close();
const seconds = Number(process.hrtime.bigint() - started) / 1e9;
console.log(JSON.stringify({ seconds, cpu_seconds: (cpu.user + cpu.system) / 1e6 }));
