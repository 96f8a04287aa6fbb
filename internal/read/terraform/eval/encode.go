package eval

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"io"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

// encode is the real encoding of a symbolically encoded text, for use inside another text.
func encode(v *Val) string {
	s := v.T.String()
	if span.IsUnknown(s) {
		return span.Unknown(span.Reason(s))
	}
	b := []byte(s)
	if v.Gzip {
		var buf bytes.Buffer
		w := gzip.NewWriter(&buf)
		_, _ = w.Write(b)
		_ = w.Close()
		b = buf.Bytes()
	}
	if v.Base64 {
		return base64.StdEncoding.EncodeToString(b)
	}
	return string(b)
}

// gunzip decompresses a bounded amount.
func gunzip(b []byte) (string, bool) {
	r, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		return "", false
	}
	out, err := io.ReadAll(io.LimitReader(r, maxText+1))
	return string(out), err == nil && len(out) <= maxText
}
