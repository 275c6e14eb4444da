/* Time as the server has it: the reader's own clock may be wrong by minutes. */

export function clockOf({ now, zone, words }) {
  const ahead = Date.parse(now) - Date.now();
  const parts = (at, timeZone) =>
    new Intl.DateTimeFormat("en-GB", { hour: "numeric", minute: "2-digit", hourCycle: "h23", timeZone }).formatToParts(at);
  const hourIn = (at, timeZone) => {
    const found = Object.fromEntries(parts(new Date(at), timeZone).map(({ type, value }) => [type, value]));
    const values = { hour: String(Number(found.hour)), minute: found.minute };
    return words(found.minute === "00" ? "full_hour" : "hour", values);
  };
  return {
    now: () => Date.now() + ahead,
    hour: (at) => hourIn(at, zone),
    /** The date of the site, such as "2026-11-20". */
    date: (at) => new Intl.DateTimeFormat("en-CA", { timeZone: zone }).format(at),
    /** The hour where the reader is, or null where it is that of the site. */
    hourHere: (at) => (hourIn(at, zone) === hourIn(at) ? null : hourIn(at)),
  };
}

/** "36:42", from an hour on "5 h 12". */
export function countdown(milliseconds, words) {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const two = (number) => String(number).padStart(2, "0");
  if (hours) return `${hours}\u00a0${words("hours")}\u00a0${two(minutes)}`;
  return `${two(minutes)}:${two(seconds % 60)}`;
}

/** "30 s", "2 min", "1 min 25": of seconds that somebody chose or waits for. */
export function length(seconds, words) {
  const [minutes, rest] = [Math.floor(seconds / 60), seconds % 60];
  const parts = [minutes && `${minutes}\u00a0${words("minutes")}`, (rest || !minutes) && `${rest}\u00a0${words("seconds")}`];
  return parts.filter(Boolean).join(" ");
}

/** "4 min 10", "58 s", "1 h 05". */
export function waited(milliseconds, words) {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const minutes = Math.floor(seconds / 60);
  const two = (number) => String(number).padStart(2, "0");
  if (minutes >= 60) return `${Math.floor(minutes / 60)}\u00a0${words("hours")}\u00a0${two(minutes % 60)}`;
  return minutes ? `${minutes}\u00a0${words("minutes")}\u00a0${two(seconds % 60)}` : `${seconds}\u00a0${words("seconds")}`;
}
