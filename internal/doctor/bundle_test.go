package doctor_test

import (
	"archive/zip"
	"bytes"
	"io"
	"strings"
	"testing"

	"linli/internal/db/dbtest"
	"linli/internal/doctor"
	"linli/internal/fields"
)

// TestBundleHoldsNothingOfAnybody writes one word into every text column of
// every table, parked jobs and their errors too, and looks for it in the bundle.
func TestBundleHoldsNothingOfAnybody(t *testing.T) {
	t.Parallel()
	const unique = "ouyang-jiaoyue-13800009173"
	dbtest.EachURL(t, func(t *testing.T, address string) {
		w := admit(t, address)
		w.write("insert into jobs (district, kind, key, args, run_at, attempts, error, parked, request) values ($1, 'notice', $2, '{}', 0, 180, $2, true, '')", w.House.District, unique)
		w.write("insert into totps (district, holder, secret, confirmed, step, created) values ($1, $2, $2, true, 0, 0)", w.House.District, unique)
		w.write("update people set name = $1", unique)
		w.write("update accounts set login = $1 || login", unique)
		var b bytes.Buffer
		if err := doctor.Bundle(t.Context(), &b, w.place, doctor.About{Version: "v1", Settings: []string{"LINLI_DATABASE"}},
			doctor.Attached{Name: "metrics.txt", Data: []byte("linli_jobs_known 1\n")}); err != nil {
			t.Fatal(err)
		}
		z, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
		if err != nil {
			t.Fatal(err)
		}
		whole := ""
		for _, f := range z.File {
			r, err := f.Open()
			if err != nil {
				t.Fatal(err)
			}
			data, err := io.ReadAll(r)
			if err != nil {
				t.Fatal(err)
			}
			whole += f.Name + "\n" + string(data)
		}
		for _, want := range []string{"about.json", "doctor.json", "rows.json", "jobs.json", "schema.json", "metrics.txt\nlinli_jobs_known 1", `"v1"`, `"check": "key"`, `"Parked": 1`, fields.Register()[0].Table} {
			if !strings.Contains(whole, want) {
				t.Errorf("the bundle lacks %s", want)
			}
		}
		if i := strings.Index(whole, unique); i >= 0 {
			t.Errorf("the bundle holds …%s…", whole[max(0, i-200):min(len(whole), i+100)])
		}
		if strings.Contains(whole, address) {
			t.Error("the bundle holds the address of the database")
		}
	})
}
