// Package s3 keeps the content of files in an S3-compatible store.
package s3

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"go.updspace.com/libs/blob"
	"go.updspace.com/libs/errs"
)

// Config says where the store is. With no keys, those of the machine's role are used.
type Config struct {
	Endpoint  string `env:"BLOB_S3_ENDPOINT"`                      // origin of an S3-compatible store, such as https://s3.eu-central-1.amazonaws.com
	Bucket    string `env:"BLOB_S3_BUCKET"`                        // name of the bucket
	Region    string `env:"BLOB_S3_REGION" envDefault:"us-east-1"` // region that requests are signed for
	AccessKey string `env:"BLOB_S3_ACCESS_KEY"`                    // id of the access key
	SecretKey string `env:"BLOB_S3_SECRET_KEY"`                    // its secret
	// PublicEndpoint is where browsers reach the store, when that is elsewhere: presigned links lead there.
	PublicEndpoint string `env:"BLOB_S3_PUBLIC_ENDPOINT"`
}

// Set reports whether a store is named.
func (c Config) Set() bool { return c.Endpoint != "" }

// Validate reports every setting that is wrong.
func (c Config) Validate() error {
	if !c.Set() {
		return nil
	}
	var problems []error
	if c.Bucket == "" {
		problems = append(problems, errors.New("BLOB_S3_BUCKET must be set with BLOB_S3_ENDPOINT"))
	}
	if (c.AccessKey == "") != (c.SecretKey == "") {
		problems = append(problems, errors.New("BLOB_S3_ACCESS_KEY and BLOB_S3_SECRET_KEY must be set together"))
	}
	for name, endpoint := range map[string]string{"BLOB_S3_ENDPOINT": c.Endpoint, "BLOB_S3_PUBLIC_ENDPOINT": c.PublicEndpoint} {
		u, err := url.Parse(endpoint)
		if endpoint != "" && (err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https") {
			problems = append(problems, fmt.Errorf("%s must be like https://host, not %q", name, endpoint))
		}
	}
	return errors.Join(problems...)
}

// partSize is how much of a file is in memory at a time.
const partSize = 5 << 20

// tries is how often a call is made: a caller waits for the answer, and can repeat the request.
const tries = 2

// Store is a blob.Store in a bucket.
type Store struct {
	client *minio.Client
	links  *minio.Client
	bucket string
}

var _ blob.Store = (*Store)(nil)

// New makes a client of the store. It does not call it.
func New(cfg Config, transport http.RoundTripper) (*Store, error) {
	client, err := connect(cfg, cfg.Endpoint, transport)
	if err != nil {
		return nil, err
	}
	links := client
	if cfg.PublicEndpoint != "" {
		if links, err = connect(cfg, cfg.PublicEndpoint, transport); err != nil {
			return nil, err
		}
	}
	return &Store{client: client, links: links, bucket: cfg.Bucket}, nil
}

func connect(cfg Config, endpoint string, transport http.RoundTripper) (*minio.Client, error) {
	u, err := url.Parse(endpoint)
	if err != nil {
		return nil, fmt.Errorf("reading the address of the blob store: %w", err)
	}
	keys := credentials.NewIAM("")
	if cfg.AccessKey != "" {
		keys = credentials.NewStaticV4(cfg.AccessKey, cfg.SecretKey, "")
	}
	client, err := minio.New(u.Host, &minio.Options{
		Creds: keys, Secure: u.Scheme == "https", Region: cfg.Region, Transport: transport, BucketLookup: minio.BucketLookupAuto, MaxRetries: tries,
	})
	if err != nil {
		return nil, fmt.Errorf("making the client of the blob store: %w", err)
	}
	return client, nil
}

// Put sends the content part by part. What is not completed is aborted, and no reader sees it.
func (s *Store) Put(ctx context.Context, key string, content io.Reader) error {
	seen := &failing{from: content}
	_, err := s.client.PutObject(ctx, s.bucket, key, seen, -1, minio.PutObjectOptions{
		ContentType: "application/octet-stream", PartSize: partSize, DisableContentSha256: false,
	})
	if seen.err != nil { // the sender's failure, not the store's
		return seen.err
	}
	return storeError(err)
}

// Open returns the content, which is read from the store as it is read here.
func (s *Store) Open(ctx context.Context, key string) (io.ReadSeekCloser, error) {
	object, err := s.client.GetObject(ctx, s.bucket, key, minio.GetObjectOptions{})
	if err != nil {
		return nil, storeError(err)
	}
	if _, err := object.Stat(); err != nil { // the first call that asks the store
		_ = object.Close()
		return nil, storeError(err)
	}
	return object, nil
}

// Delete removes the content.
func (s *Store) Delete(ctx context.Context, key string) error {
	err := storeError(s.client.RemoveObject(ctx, s.bucket, key, minio.RemoveObjectOptions{}))
	if errors.Is(err, blob.ErrNotFound) {
		return nil
	}
	return err
}

// Link presigns a download. The store answers it with the headers named here, whatever it knows of the content.
func (s *Store) Link(ctx context.Context, key string, as blob.Link) (string, error) {
	disposition := "attachment"
	if as.Inline {
		disposition = "inline"
	}
	u, err := s.links.PresignedGetObject(ctx, s.bucket, key, as.Life, url.Values{
		"response-content-type":        {as.ContentType},
		"response-content-disposition": {mime.FormatMediaType(disposition, map[string]string{"filename": as.Name})},
		"response-cache-control":       {"private"},
	})
	if err != nil {
		return "", storeError(err)
	}
	return u.String(), nil
}

// storeError converts a failure of the store.
func storeError(err error) error {
	if err == nil {
		return nil
	}
	response := minio.ToErrorResponse(err)
	if response.StatusCode == http.StatusNotFound || strings.EqualFold(response.Code, "NoSuchKey") {
		return blob.ErrNotFound.Wrap(err)
	}
	return errs.Unavailablef("Files cannot be reached right now. Try again in a moment.").Wrap(err)
}

// failing keeps the error with which reading failed.
type failing struct {
	from io.Reader
	err  error
}

func (f *failing) Read(p []byte) (int, error) {
	n, err := f.from.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		f.err = err
	}
	return n, err
}
