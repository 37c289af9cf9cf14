package meter

import (
	"compress/gzip"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	tracing "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"

	"linli/internal/errs"
)

// receiver is an OTLP receiver over HTTP that keeps the spans it gets.
type receiver struct {
	*httptest.Server
	mu    sync.Mutex
	spans map[string]*tracing.Span
	whole string
}

func receive(t *testing.T) *receiver {
	r := &receiver{spans: map[string]*tracing.Span{}}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, got *http.Request) {
		body := io.Reader(got.Body)
		if got.Header.Get("Content-Encoding") == "gzip" {
			body, _ = gzip.NewReader(body)
		}
		data, err := io.ReadAll(body)
		var sent collector.ExportTraceServiceRequest
		if err == nil {
			err = proto.Unmarshal(data, &sent)
		}
		if err != nil || got.URL.Path != "/v1/traces" {
			t.Errorf("%s got %v", got.URL.Path, err)
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		for _, of := range sent.ResourceSpans {
			for _, scope := range of.ScopeSpans {
				for _, s := range scope.Spans {
					r.spans[s.Name] = s
				}
			}
		}
		r.whole += string(data)
		w.Header().Set("Content-Type", "application/x-protobuf")
	}))
	t.Cleanup(r.Close)
	return r
}

func TestTraces(t *testing.T) {
	t.Parallel()
	to := receive(t)
	m := New(time.Now, "v1")
	if err := m.Trace(t.Context(), to.URL, "v1"); err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, "/report?phone=13800009173", nil)
	r.Header.Set("Traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
	r = r.WithContext(WithRequest(r.Context(), "deadbeefdeadbeef"))
	ctx, answered := m.Request(r)
	_, end := Span(ctx, "db write")
	end(errs.New(errs.Conflict, "欧阳皎月已经报过", "Ouyang Jiaoyue has reported it"))
	answered("POST /report", 500, false)
	_, end = m.Job(WithRequest(t.Context(), "deadbeefdeadbeef"), "notice")
	end(errors.New("cannot reach 13800009173"))
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	root, write, job := to.spans["POST /report"], to.spans["db write"], to.spans["job notice"]
	if root == nil || write == nil || job == nil {
		t.Fatalf("got %d spans, want the request, its write and the job", len(to.spans))
	}
	if string(write.ParentSpanId) != string(root.SpanId) || string(write.TraceId) != string(root.TraceId) {
		t.Error("the write is no part of the request")
	}
	if got := root.TraceId; got[0] != 0x4b || got[15] != 0x36 {
		t.Errorf("the request is no part of the caller's trace: %x", got)
	}
	if root.Status.GetCode() != tracing.Status_STATUS_CODE_ERROR || write.Status.GetMessage() != "conflict" || job.Status.GetCode() != tracing.Status_STATUS_CODE_ERROR {
		t.Error("what failed is not told as failed")
	}
	for _, want := range []string{"http.route", "linli.request", "deadbeefdeadbeef", "service.name", "linli"} {
		if !strings.Contains(to.whole, want) {
			t.Errorf("the traces lack %s", want)
		}
	}
	for _, never := range []string{"13800009173", "欧阳", "Ouyang"} {
		if strings.Contains(to.whole, never) {
			t.Errorf("the traces hold %s", never)
		}
	}
}

// Where nobody wants traces, a span is a look into the context.
func TestNoTraceCostsNothing(t *testing.T) {
	m := New(time.Now, "v1")
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	ctx, answered := m.Request(r)
	answered("GET /", 200, false)
	if got := testing.AllocsPerRun(100, func() {
		_, end := Span(ctx, "db write")
		end(nil)
	}); got != 0 {
		t.Errorf("%.0f allocations a span, want none", got)
	}
}

func TestTraceRefusesWhatIsNoAddress(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"http://127.0.0.1:4318": "http://127.0.0.1:4318/v1/traces", "https://otel.example.cn/": "https://otel.example.cn/v1/traces",
		"https://otel.example.cn/tenant/v1/traces": "https://otel.example.cn/tenant/v1/traces",
	} {
		if got, err := tracesPath(address); err != nil || got != want {
			t.Errorf("%s: %s, want %s", address, got, want)
		}
	}
	for _, address := range []string{"127.0.0.1:4318", "::", "unix:///run/x"} {
		if err := New(time.Now, "v1").Trace(t.Context(), address, "v1"); errs.KindOf(err) != errs.Invalid {
			t.Errorf("%s: %v, want errs.Invalid", address, err)
		}
	}
}
