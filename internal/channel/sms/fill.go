package sms

import (
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"hash"
	"net/url"
	"regexp"
	"strings"

	"golang.org/x/text/encoding/simplifiedchinese"

	"linli/internal/errs"
)

// Form is how a text is written: it decides how values are put into a template
// and how an answer is read.
type Form string

// The forms.
const (
	JSON  Form = "json"
	Pairs Form = "form" // name=value&…
	XML   Form = "xml"
	Plain Form = "text"
)

func (f Form) known() bool { return f == JSON || f == Pairs || f == XML || f == Plain }

// escape makes a value safe within a template of this form, so that no text of a
// message can end a string or begin a parameter.
func (f Form) escape(value string) string {
	switch f {
	case JSON:
		quoted, err := json.Marshal(value)
		if err != nil { // never: a string always marshals
			return ""
		}
		return string(quoted[1 : len(quoted)-1])
	case Pairs:
		return url.QueryEscape(value)
	case XML:
		var b strings.Builder
		if err := xml.EscapeText(&b, []byte(value)); err != nil { // never: a builder takes all
			return ""
		}
		return b.String()
	}
	return value
}

var place = regexp.MustCompile(`\{([a-z][a-zA-Z0-9_.-]*)\}`)

// fill puts values into a template's places. A place nobody knows stays as it
// is: braces are part of JSON.
func fill(template string, escape func(string) string, value func(name string) (string, bool)) string {
	return place.ReplaceAllStringFunc(template, func(found string) string {
		if v, ok := value(found[1 : len(found)-1]); ok {
			return escape(v)
		}
		return found
	})
}

// Charset is how a gateway writes its bytes.
type Charset string

// The charsets; the zero value is UTF-8. GB18030 reads and writes GBK as well.
const (
	UTF8 Charset = "utf-8"
	GBK  Charset = "gbk"
)

func (c Charset) encode(text string) ([]byte, error) {
	if c != GBK {
		return []byte(text), nil
	}
	return simplifiedchinese.GB18030.NewEncoder().Bytes([]byte(text))
}

func (c Charset) decode(body []byte) string {
	if c == GBK {
		if text, err := simplifiedchinese.GB18030.NewDecoder().Bytes(body); err == nil {
			body = text
		}
	}
	return strings.ToValidUTF8(string(body), "")
}

// Sign is how a call is signed: a hash over a template, filled as the rest.
type Sign struct {
	How string `yaml:"how"` // md5, sha1, sha256, hmac-sha1, hmac-sha256
	Of  string `yaml:"of"`
	Key string `yaml:"key"` // of an hmac
	As  string `yaml:"as"`  // hex, HEX or base64; empty is hex
}

// hashes are those that gateways ask for; which one is theirs to say.
var hashes = map[string]func() hash.Hash{
	"md5": md5.New, "sha1": sha1.New, "sha256": sha256.New, "hmac-sha1": sha1.New, "hmac-sha256": sha256.New,
}

func (s Sign) check(at string) error {
	switch {
	case s.How == "":
		return nil
	case hashes[s.How] == nil:
		return errs.New(errs.Invalid, "不认识的签名方法 %s。", "The way of signing %s is not known.", s.How).At(at + ".how")
	case s.Of == "":
		return errs.New(errs.Invalid, "没写签什么。", "What is signed is not said.").At(at + ".of")
	case strings.HasPrefix(s.How, "hmac-") && s.Key == "":
		return errs.New(errs.Invalid, "没写签名的密钥。", "The key to sign with is not said.").At(at + ".key")
	case s.As != "" && s.As != "hex" && s.As != "HEX" && s.As != "base64":
		return errs.New(errs.Invalid, "签名写成 hex、HEX 或 base64。", "A signature is written as hex, HEX or base64.").At(at + ".as")
	}
	return nil
}

// sum signs what the template says.
func (s Sign) sum(value func(string) (string, bool)) string {
	of := fill(s.Of, func(v string) string { return v }, value)
	h := hashes[s.How]()
	if strings.HasPrefix(s.How, "hmac-") {
		h = hmac.New(hashes[s.How], []byte(s.Key))
	}
	h.Write([]byte(of)) // never fails
	switch sum := h.Sum(nil); s.As {
	case "base64":
		return base64.StdEncoding.EncodeToString(sum)
	case "HEX":
		return strings.ToUpper(hex.EncodeToString(sum))
	default:
		return hex.EncodeToString(sum)
	}
}

// same compares a signature in a time that does not depend on where it differs.
func same(got, want string) bool {
	return want != "" && subtle.ConstantTimeCompare([]byte(got), []byte(want)) == 1
}
