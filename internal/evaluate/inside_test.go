package evaluate

import (
	"encoding/json"
	"maps"
	"slices"
	"testing"
)

// The quick reader of details and the general one say the same.
func FuzzDetail(f *testing.F) {
	for _, seed := range []string{"", "{}", `{"a":"b"}`, `{"a":"b","c":""}`, `{"a":"\"}","b":"桂香"}`, `{"a":1}`, `{"a":"b"`, `{"a":"b",}`, `{"a" : "b"}`, `{"a":"b","a":"c"}`, `{"a":"b"}}`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, detail string) {
		got := map[string]string{}
		err := eachFact(detail, func(name, value string) { got[name] = value })
		want := map[string]string{}
		if wrong := json.Unmarshal([]byte(detail), &want); detail != "" && wrong != nil {
			if err == nil && json.Valid([]byte(detail)) {
				t.Errorf("%q was read as %v, though it is no object of texts: %v", detail, got, wrong)
			}
			return
		}
		if err != nil || !maps.Equal(got, want) && !odd(detail) {
			t.Errorf("%q: got %v, %v, want %v", detail, got, err, want)
		}
	})
}

// odd is text that a general reader repairs: bytes that are no characters.
func odd(detail string) bool {
	data, err := json.Marshal(detail)
	var back string
	return err != nil || json.Unmarshal(data, &back) != nil || back != detail
}

func FuzzUnpack(f *testing.F) {
	list := []entry{{file: 0, seq: 1, worth: worthOne}, {file: 0, seq: 7, worth: 0}, {file: 3, seq: 2, worth: 8000}, {file: 9999, seq: 1 << 20, worth: 1}}
	f.Add(pack(list))
	f.Add("AA")
	f.Add("////////")
	f.Fuzz(func(t *testing.T, text string) {
		got, err := unpack(text, 10_000)
		if err != nil {
			return
		}
		again, err := unpack(pack(got), 10_000)
		if err != nil || !slices.Equal(got, again) {
			t.Errorf("%q: %v and back %v, %v", text, got, again, err)
		}
	})
}

func TestPackedListsComeBack(t *testing.T) {
	t.Parallel()
	list := []entry{{file: 0, seq: 1, worth: worthOne}, {file: 0, seq: 7, worth: 0}, {file: 3, seq: 2, worth: 8000}, {file: 99, seq: 1 << 20, worth: 9999}}
	got, err := unpack(pack(list), 100)
	if err != nil || !slices.Equal(got, list) {
		t.Errorf("got %v, %v, want %v", got, err, list)
	}
	if _, err := unpack(pack(list), 99); err == nil {
		t.Error("a list that points past the period's cases was taken")
	}
	if _, err := unpack(pack(list)[:5], 100); err == nil {
		t.Error("a list that breaks off was taken")
	}
}
