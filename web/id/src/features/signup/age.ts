/** The age from which no guardian has to consent, as the server says. */
const ofAge = 18;

/** Whether a person who was born on a day, as 2001-12-31, is too young to consent alone; false for no day. */
export function isUnderAge(birthDate: string, now: Date): boolean {
  const born = new Date(`${birthDate}T00:00:00Z`);
  if (Number.isNaN(born.getTime())) return false;
  born.setUTCFullYear(born.getUTCFullYear() + ofAge);
  return born > now;
}
