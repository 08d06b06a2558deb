// What other pages show of the news. It comes, with its words, when it is shown.
import { lazy } from "react";
import { words } from "../../words.ts";

export const NewsComposer = lazy(async () => {
  const [{ NewsComposer: Composer }] = await Promise.all([import("./NewsComposer.tsx"), words.need("news")]);
  return { default: Composer };
});

export const HomeNews = lazy(async () => {
  const [{ HomeNews: News }] = await Promise.all([import("./HomeNews.tsx"), words.need("news")]);
  return { default: News };
});

export const NewsCard = lazy(async () => {
  const [{ NewsCard: Card }] = await Promise.all([import("./NewsCard.tsx"), words.need("news")]);
  return { default: Card };
});
