const units = ["B", "kB", "MB", "GB", "TB", "PB"];
const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });

/** 1 kB is 1000 bytes, as on every network. */
export function bytes(value) {
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 || value >= 99.95 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

export const rate = value => `${bytes(value)}/s`;

export const count = value => whole.format(value);

/** A number per second: small ones need their fraction. */
export const perSecond = value => value >= 100 ? whole.format(value) : value >= 10 || value === 0 ? value.toFixed(0) : value.toFixed(1);

export function duration(seconds) {
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  const s = Math.floor(seconds);
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} m ${s % 60} s`;
  if (s < 86400) return `${Math.floor(s / 3600)} h ${Math.floor(s % 3600 / 60)} m`;
  return `${Math.floor(s / 86400)} d ${Math.floor(s % 86400 / 3600)} h`;
}

export const time = date => clock.format(date);

export const percent = share => `${Math.round(share * 100)} %`;

/** A label such as too-many-sessions, for people. */
export const words = label => label.replaceAll("-", " ");
