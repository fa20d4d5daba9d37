// What time is it for the packages? The time the comparison says, so that every date in an answer
// is known beforehand.

const RealDate = globalThis.Date;
let fixed;

const now = () => fixed ?? RealDate.now();

export function setTime(iso) {
  fixed = iso === undefined ? undefined : RealDate.parse(iso);
}

export function isDate(value) {
  return value instanceof RealDate;
}

globalThis.Date = class Date extends RealDate {
  constructor(...parts) {
    super(...(parts.length === 0 ? [now()] : parts));
  }
  static now() {
    return now();
  }
};
