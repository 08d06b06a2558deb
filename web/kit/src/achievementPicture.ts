// The picture of an achievement: uploaded, or on another host, which would learn who looks; the content security policy refuses those.

interface Addresses {
  small: string | null;
  medium: string | null;
  large: string | null;
}

/** The address, if it is one of an uploaded picture. */
export const uploadedPicture = (address: string): string | undefined =>
  address.startsWith("/api/v1/gamification/images/") ? address : undefined;

/** The uploaded picture in a size, or else in the largest one that there is. */
export function pictureOf(images: Addresses | null, size: keyof Addresses): string | undefined {
  return [images?.[size], images?.large, images?.medium, images?.small].flatMap((a) => (a ? (uploadedPicture(a) ?? []) : []))[0];
}
