import { expect, test } from "vitest";
import { bodyOf, videoOf } from "./texts.ts";

test("a video is found in each form of its address, and nothing elsewhere", () => {
  const id = "dQw4w9WgXcQ";
  for (const address of [
    `https://youtu.be/${id}?t=4`,
    `https://www.youtube.com/watch?v=${id}`,
    ` https://m.youtube.com/watch?list=x&v=${id} `,
    `https://youtube.com/shorts/${id}`,
    `https://www.youtube-nocookie.com/embed/${id}`,
    `https://youtube.com/live/${id}`,
  ])
    expect(videoOf(address), address).toBe(id);
  for (const address of [
    "",
    "nonsense",
    `https://example.com/watch?v=${id}`,
    "https://youtu.be/short",
    `https://youtube.com.evil.example/watch?v=${id}`,
  ])
    expect(videoOf(address), address).toBeUndefined();
});

test("what is sent has pictures before videos, and the place of the post", () => {
  const text = {
    title: "Finals",
    body: "At seven",
    tags: "stage, finals",
    pictures: [{ key: "news/1", name: "a.png", caption: "The stage" }],
    videos: [{ id: "dQw4w9WgXcQ", title: "" }],
    place: "TEAM:7",
    at: null,
  };
  const { content, place } = bodyOf(text, "published");
  expect(content.media).toEqual([
    { type: "image", key: "news/1", caption: "The stage" },
    { type: "youtube", video_id: "dQw4w9WgXcQ", url: "https://youtu.be/dQw4w9WgXcQ", title: "" },
  ]);
  expect(content.tags).toEqual(["stage", "finals"]);
  expect(place).toEqual({ visibility: "team", scope_type: "TEAM", scope_id: "7" });
});
