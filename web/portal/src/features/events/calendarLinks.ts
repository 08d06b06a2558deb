/** The whole address of a calendar, and the same as calendar programs of a device are opened by. */
export function calendarLinks(origin: string, of: string): { web: string; program: string } {
  const web = origin + of;
  return { web, program: web.replace(/^https?:/, "webcal:") };
}
