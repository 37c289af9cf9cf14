package meter

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"linli/internal/errs"
)

// Trace sends traces to an OTLP receiver over HTTP, such as
// http://127.0.0.1:4318. Call it before anything is measured, and [Meter.Close]
// at the end. The environment's OTEL_EXPORTER_OTLP_HEADERS and its kin count,
// too, and OTEL_TRACES_SAMPLER says how many are kept.
func (m *Meter) Trace(ctx context.Context, address, version string) (err error) {
	defer errs.Wrap(&err, "meter.Trace")
	to, err := tracesPath(address)
	if err != nil {
		return err
	}
	exporter, err := otlptracehttp.New(ctx, otlptracehttp.WithEndpointURL(to))
	if err != nil {
		return err
	}
	about, err := resource.New(ctx, resource.WithAttributes(attribute.String("service.name", "linli"), attribute.String("service.version", version)), resource.WithFromEnv())
	if err != nil {
		return err
	}
	provider := sdktrace.NewTracerProvider(sdktrace.WithBatcher(exporter), sdktrace.WithResource(about))
	m.tracer, m.flush = provider.Tracer("linli"), provider.Shutdown
	return nil
}

// closeTime bounds the sending of the last traces.
const closeTime = 5 * time.Second

// Close sends what traces are left.
func (m *Meter) Close() error {
	if m == nil || m.flush == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), closeTime)
	defer cancel()
	return m.flush(ctx)
}

// root begins the trace of a request, as part of the caller's where it brings
// one. Its name is the route, which is known only at the end; no address that
// was asked for stands in it.
func (m *Meter) root(r *http.Request) (context.Context, func(route string, status int)) {
	if m.tracer == nil {
		return r.Context(), func(string, int) {}
	}
	ctx := propagation.TraceContext{}.Extract(r.Context(), propagation.HeaderCarrier(r.Header))
	ctx, span := m.tracer.Start(ctx, r.Method, trace.WithSpanKind(trace.SpanKindServer))
	return ctx, func(route string, status int) {
		span.SetName(route)
		span.SetAttributes(attribute.String("http.route", route), attribute.Int("http.response.status_code", status), attribute.String("linli.request", RequestOf(r.Context())))
		if status >= http.StatusInternalServerError {
			span.SetStatus(codes.Error, "")
		}
		span.End()
	}
}

// begin begins a piece of work that may stand at the beginning of a trace.
func (m *Meter) begin(ctx context.Context, name string) (context.Context, func(err error)) {
	if m.tracer == nil {
		return ctx, func(error) {}
	}
	return started(ctx, m.tracer, name, trace.SpanKindInternal)
}

// Span begins a piece of the work that a context is traced for, and returns how
// to end it. Where nothing is traced it is a look into the context.
func Span(ctx context.Context, name string) (context.Context, func(err error)) {
	parent := trace.SpanFromContext(ctx)
	if !parent.IsRecording() {
		return ctx, func(error) {}
	}
	return started(ctx, parent.TracerProvider().Tracer("linli"), name, trace.SpanKindInternal)
}

// started tells of a failure only its kind: what an error says may name people.
func started(ctx context.Context, tracer trace.Tracer, name string, kind trace.SpanKind) (context.Context, func(err error)) {
	ctx, span := tracer.Start(ctx, name, trace.WithSpanKind(kind))
	if id := RequestOf(ctx); id != "" {
		span.SetAttributes(attribute.String("linli.request", id))
	}
	return ctx, func(err error) {
		if err != nil {
			span.SetStatus(codes.Error, string(errs.KindOf(err)))
		}
		span.End()
	}
}

// Transport measures and traces the calls that go through another one.
func (m *Meter) Transport(under http.RoundTripper) http.RoundTripper {
	if m == nil {
		return under
	}
	return transport{m, under}
}

type transport struct {
	m     *Meter
	under http.RoundTripper
}

// RoundTrip calls. It sends no trace along: that would tell strangers how we
// number our work.
func (t transport) RoundTrip(r *http.Request) (*http.Response, error) {
	began := t.m.now()
	ctx, end := Span(r.Context(), "call "+r.Method)
	got, err := t.under.RoundTrip(r.WithContext(ctx))
	end(err)
	outcome := "failed"
	if err == nil {
		outcome = strconv.Itoa(got.StatusCode)
		if got.StatusCode < 100 || got.StatusCode > 599 {
			outcome = "other" // a status is whatever three digits a stranger sends
		}
	}
	t.m.calls.WithLabelValues(outcome).Observe(t.m.now().Sub(began).Seconds())
	return got, err
}

// tracesPath adds the standard's path to an address that has none.
func tracesPath(address string) (string, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return "", errs.New(errs.Invalid, "--otlp 的地址认不出，例如 http://127.0.0.1:4318。", "The address of --otlp cannot be read; it is written as http://127.0.0.1:4318.").Because(err)
	}
	if strings.Trim(u.Path, "/") == "" {
		u.Path = "/v1/traces"
	}
	return u.String(), nil
}
