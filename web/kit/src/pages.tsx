// Lists that the servers answer page by page.
import { infiniteQueryOptions, useInfiniteQuery, type QueryKey } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useIntl } from "react-intl";
import { Button } from "@updspace/ui/Button";
import { Skeleton } from "@updspace/ui/Skeleton";
import { ErrorPage } from "./errors.tsx";

export interface Page<T> {
  items: T[];
  next_cursor: string | null;
  /** How many there are on all pages, where the server says so. */
  total?: number;
}

interface PagedQuery<T> {
  key: QueryKey;
  read: (cursor: string | undefined, signal: AbortSignal) => Promise<Page<T>>;
}

/** The query of a list, for loaders that prefetch it. */
export function pagesOptions<T>({ key, read }: PagedQuery<T>) {
  return infiniteQueryOptions({
    queryKey: [...key, "pages"],
    queryFn: ({ pageParam, signal }) => read(pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });
}

/** All pages read so far, as one list. With `every`, in milliseconds, the first page is read again while it is the only one and is visible. */
export function usePages<T>(list: PagedQuery<T>, every?: number) {
  const query = useInfiniteQuery({
    ...pagesOptions(list),
    refetchInterval: ({ state }) => (every !== undefined && state.data?.pages.length === 1 ? every : false),
  });
  return { ...query, items: query.data?.pages.flatMap((p) => p.items) ?? [], total: query.data?.pages[0]?.total };
}

interface PagedListProps<T> {
  query: ReturnType<typeof usePages<T>>;
  /** What stands there when there is nothing. */
  empty: ReactNode;
  children: (items: T[]) => ReactNode;
}

/** A paged list with its states: loading, failed, empty, more. */
export function PagedList<T>({ query, empty, children }: PagedListProps<T>) {
  const intl = useIntl();
  if (query.isPending) return <Skeleton label={intl.formatMessage({ id: "loading" })} />;
  if (query.isError && query.items.length === 0) return <ErrorPage error={query.error} retry={() => void query.refetch()} />;
  if (query.items.length === 0) return empty;
  return (
    <>
      {children(query.items)}
      {query.hasNextPage && (
        <div className="btns center">
          <Button pending={query.isFetchingNextPage} onPress={() => void query.fetchNextPage()}>
            {intl.formatMessage({ id: "action.more" })}
          </Button>
        </div>
      )}
    </>
  );
}
