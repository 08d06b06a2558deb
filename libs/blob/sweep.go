package blob

import "context"

const sweepBatch = 100

// Sweep removes files that are due for removal, batch by batch: first the content, then, by forget, the rows that tell of it,
// so that an interrupted removal is repeated. due returns up to a number of such files, and key the key of one. Several
// instances may sweep at the same time. It returns the number of files.
func Sweep[F any](
	ctx context.Context, store Store, due func(ctx context.Context, limit int) ([]F, error), key func(F) string,
	forget func(ctx context.Context, files []F) error,
) (swept int, err error) {
	for {
		files, err := due(ctx, sweepBatch)
		if err != nil || len(files) == 0 {
			return swept, err
		}
		for _, file := range files {
			if err := store.Delete(ctx, key(file)); err != nil {
				return swept, err
			}
		}
		if err := forget(ctx, files); err != nil {
			return swept, err
		}
		swept += len(files)
	}
}
