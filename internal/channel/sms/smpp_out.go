package sms

import (
	"context"
	"errors"
	"math/big"
	"strconv"
	"time"

	"github.com/linxGnu/gosmpp/data"
	"github.com/linxGnu/gosmpp/pdu"

	"linli/internal/channel"
	"linli/internal/errs"
	"linli/internal/ident"
)

// Carry hands a letter over, in as many parts as it needs, and waits until the
// centre has taken each. Delivery is asked for of every part: the letter has
// arrived when all have.
func (c *SMSC) Carry(ctx context.Context, l channel.Letter) (r channel.Receipt, err error) {
	defer errs.Wrap(&err, "sms.SMSC.Carry(%s)", l.ID)
	phone, err := ident.ParsePhone(l.Address)
	if err != nil || !phone.Mobile() {
		return channel.Receipt{State: channel.Failed, Why: "not a mobile number", Gone: true}, nil
	}
	text := words(l, c.set.Signed)
	parts := Parts(text)
	if err := c.pace.turn(ctx, len(parts)); err != nil {
		return channel.Receipt{}, err
	}
	c.mu.Lock()
	c.series++
	series := c.series
	c.mu.Unlock()
	var refs []string
	for i, part := range parts {
		p, err := c.submit(string(phone), part, gsm(text))
		if err != nil {
			return channel.Receipt{}, err
		}
		if len(parts) > 1 {
			p.EsmClass |= data.SM_UDH_GSM
			p.Message.SetUDH(pdu.UDH{pdu.NewIEConcatMessage(byte(len(parts)), byte(i+1), series)})
		}
		if r, err = c.hand(ctx, p); err != nil || r.State == channel.Failed {
			return r, err
		}
		refs = append(refs, r.Ref)
	}
	if len(refs) > 1 {
		r.Parts = refs
	}
	return r, nil
}

// submit writes one part. The whole text decides its alphabet: parts of two
// alphabets would not be joined.
func (c *SMSC) submit(phone, part string, seven bool) (*pdu.SubmitSM, error) {
	p, ok := pdu.NewSubmitSM().(*pdu.SubmitSM)
	if !ok {
		return nil, errors.New("the library's submit_sm is none")
	}
	coding := data.UCS2
	if seven {
		coding = data.GSM7BIT
	}
	body, err := coding.Encode(part)
	if err == nil {
		err = p.Message.SetMessageDataWithEncoding(body, coding)
	}
	err = errors.Join(err, p.DestAddr.SetAddress(c.set.national(phone)), p.SourceAddr.SetAddress(c.set.From))
	p.RegisteredDelivery = data.SM_SMSC_RECEIPT_REQUESTED
	return p, err
}

// hand gives one part to the centre and waits for what it says.
func (c *SMSC) hand(ctx context.Context, p *pdu.SubmitSM) (channel.Receipt, error) {
	answer := make(chan pdu.PDU, 1)
	c.mu.Lock()
	session := c.session
	if session != nil {
		c.waiting[p.GetSequenceNumber()] = answer
	}
	c.mu.Unlock()
	if session == nil {
		return channel.Receipt{}, errs.New(errs.Busy, "还没连上短信中心。", "There is no connection to the message centre.")
	}
	defer func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.waiting, p.GetSequenceNumber())
	}()
	if err := session.Transceiver().Submit(p); err != nil {
		return channel.Receipt{}, err
	}
	timer := time.NewTimer(c.answerTime)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return channel.Receipt{}, ctx.Err()
	case <-timer.C:
		return channel.Receipt{}, errs.New(errs.Busy, "短信中心没有回答。", "The message centre did not answer.")
	case got, ok := <-answer:
		if !ok {
			return channel.Receipt{}, errs.New(errs.Busy, "同短信中心断开了。", "The connection to the message centre was lost.")
		}
		return c.verdict(got)
	}
}

// verdict is what an answer means.
func (c *SMSC) verdict(p pdu.PDU) (channel.Receipt, error) {
	status := p.GetHeader().CommandStatus
	switch resp, ok := p.(*pdu.SubmitSMResp); {
	case ok && status == data.ESME_ROK:
		return channel.Receipt{State: channel.Sent, Ref: cut(c.ref(resp.MessageID), refMost)}, nil
	case status == data.ESME_RTHROTTLED, status == data.ESME_RMSGQFUL, status == data.ESME_RSYSERR, status == data.ESME_RX_T_APPN:
		return channel.Receipt{}, errs.New(errs.Busy, "短信中心说过会儿再来（%s）。", "The message centre says later (%s).", code(status))
	}
	return channel.Receipt{State: channel.Failed, Why: "smpp " + code(status), Gone: status == data.ESME_RINVDSTADR}, nil
}

func code(s data.CommandStatusType) string { return "0x" + strconv.FormatInt(int64(s), 16) }

// ref is an id as reports will name it.
func (c *SMSC) ref(id string) string {
	if !c.set.Hex {
		return id
	}
	if n, ok := new(big.Int).SetString(id, 16); ok {
		return n.String()
	}
	return id
}
