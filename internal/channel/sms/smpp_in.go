package sms

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/linxGnu/gosmpp/data"
	"github.com/linxGnu/gosmpp/pdu"

	"linli/internal/channel"
	"linli/internal/ident"
)

// delivered hears a deliver_sm: a report on a text of ours, or a text to us.
func (c *SMSC) delivered(ctx context.Context, p *pdu.DeliverSM) error {
	body, coding := payload(p)
	if p.EsmClass&typeOf == receiptType {
		r, ok := c.set.readReceipt(string(body), p.OptionalParameters)
		if !ok {
			return nil // of a kind that says nothing final: it was heard, and that is all
		}
		return c.hear(ctx, Heard{Reports: []Report{r}})
	}
	phone, err := ident.ParsePhone(national(p.SourceAddr.Address()))
	if err != nil || !phone.Mobile() {
		return nil // an advertisement's short number: nobody can be answered there
	}
	number, series, total, known := concat(p)
	text := clean(decode(coding, body))
	if known && total > 1 && total <= partsMost*2 && number >= 1 && number <= total {
		return c.hear(ctx, Heard{Parts: []Part{{From: string(phone), To: p.DestAddr.Address(), Series: series, Part: number, Parts: total, Text: text}}})
	}
	whole := strings.TrimSpace(text)
	if whole == "" {
		return nil
	}
	now := c.now()
	sum := sha256.Sum256([]byte(string(phone) + "\n" + whole + "\n" + now.UTC().Format("200601021504")))
	return c.hear(ctx, Heard{Came: []channel.Came{{
		Channel: channel.SMS, Ref: hex.EncodeToString(sum[:16]), From: string(phone), To: p.DestAddr.Address(), Text: whole, At: now,
	}}})
}

// national is a number without the country that centres put before it.
func national(number string) string {
	number = strings.TrimPrefix(number, "+")
	if rest, ok := strings.CutPrefix(number, "86"); ok && len(rest) == 11 {
		return rest
	}
	return number
}

// The bits of esm_class that say what a deliver_sm is.
const (
	typeOf      = 0x3c
	receiptType = 0x04
)

// payload is the text of a deliver_sm, which long ones carry beside the message.
func payload(p *pdu.DeliverSM) ([]byte, data.Encoding) {
	body, err := p.Message.GetMessageData()
	if long, ok := p.OptionalParameters[pdu.TagMessagePayload]; ok && (err != nil || len(body) == 0) {
		body = long.Data
	}
	return body, p.Message.Encoding()
}

// decode reads a text. What the standard leaves to the operator is GBK here.
func decode(coding data.Encoding, body []byte) string {
	if coding == nil || coding == data.BINARY8BIT1 || coding == data.BINARY8BIT2 {
		return GBK.decode(body)
	}
	text, err := coding.Decode(body)
	if err != nil {
		return GBK.decode(body)
	}
	return strings.ToValidUTF8(text, "")
}

// receiptText is appendix B of SMPP 3.4: id:… stat:DELIVRD err:000.
var receiptText = regexp.MustCompile(`(?i)\bid:\s*([^\s]{1,65})(?:.*?\bstat:\s*([a-z]{1,10}))?(?:.*?\berr:\s*([0-9a-z]{1,10}))?`)

// readReceipt reads a delivery report, from its parameters where it has them.
// One that says nothing final is none.
func (s SMPP) readReceipt(text string, params map[pdu.Tag]pdu.Field) (r Report, ok bool) {
	stat, code := "", ""
	if m := receiptText.FindStringSubmatch(text); m != nil {
		r.Ref, stat, code = m[1], strings.ToUpper(m[2]), m[3]
	}
	if id, ok := params[pdu.TagReceiptedMessageID]; ok {
		r.Ref = strings.TrimRight(string(id.Data), "\x00")
	}
	if state, ok := params[pdu.TagMessageStateOption]; ok && len(state.Data) == 1 && int(state.Data[0]) < len(states) {
		stat = states[state.Data[0]]
	}
	r.Ref = cut(clean(r.Ref), refMost)
	switch stat {
	case "DELIVRD":
		r.State = channel.Delivered
	case "EXPIRED", "DELETED", "UNDELIV", "REJECTD":
		r.State, r.Why = channel.Failed, reason(strings.ToLower(stat)+" "+code)
		r.Gone = slices.Contains(s.Gone, code) || slices.Contains(s.Gone, stat)
	default:
		return Report{}, false
	}
	return r, r.Ref != ""
}

// states are message_state by number, 5.2.28.
var states = [...]string{"", "ENROUTE", "DELIVRD", "EXPIRED", "DELETED", "UNDELIV", "ACCEPTD", "UNKNOWN", "REJECTD"}

// concat tells which part of how many a text is, by its header or its parameters.
func concat(p *pdu.DeliverSM) (number int, series string, total int, known bool) {
	if all, n, ref, found := p.Message.UDH().GetConcatInfo(); found {
		return int(n), fmt.Sprint(ref), int(all), true
	}
	ref, has := p.OptionalParameters[pdu.TagSarMsgRefNum]
	all, n := p.OptionalParameters[pdu.TagSarTotalSegments].Data, p.OptionalParameters[pdu.TagSarSegmentSeqnum].Data
	if !has || len(ref.Data) != 2 || len(all) != 1 || len(n) != 1 {
		return 0, "", 0, false
	}
	return int(n[0]), fmt.Sprint("sar", binary.BigEndian.Uint16(ref.Data)), int(all[0]), true
}
