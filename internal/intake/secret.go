package intake

import (
	"linli/internal/casework"
	"linli/internal/district"
	"linli/internal/document"
	"linli/internal/errs"
	"linli/internal/ident"
	"linli/internal/procedure"
)

// Whoever reports in secret is known to those who take reports in, and to nobody
// else. The report keeps what was said, word for word; the case, which the unit
// that handles it reads, searches and takes away, holds the same with what says
// who it was hidden. What never comes into the case cannot leak out of it.

// secret reports whether who sent it is kept secret: by wish, or by the matter.
func (s Sending) secret(d *district.District) bool {
	m, _ := d.Catalogue.Matter(s.Matter) // Open says where there is none
	return s.Secret || m.Secret
}

// kept is a sending as it goes into a secret case.
func (s Sending) kept() Sending {
	who := append(ident.Presented(s.Text), s.Name, s.Phone)
	s.Text, s.Address = ident.Conceal(s.Text, who...), ident.Conceal(s.Address, who...)
	s.Photos = nameless(s.Photos)
	if s.Channel == GridWorker { // each grid has one: the channel is the name
		s.Channel, s.By, s.Receiver = Kept, procedure.Actor{}, ""
	}
	return s
}

func nameless(photos []document.Kept) []document.Kept {
	all := make([]document.Kept, len(photos))
	for i, photo := range photos {
		all[i] = photo.Nameless()
	}
	return all
}

// alone refuses to put a secret report together with another.
func alone(field string) error {
	return errs.New(errs.Invalid, "要保密的不能并到别的件里，请单独记一件。", "A secret report cannot join another case; please take it down by itself.").At(field)
}

// Said is what the sender of a report writes later to a case: the same words, in
// a secret case with what says who it is hidden.
func (k *Desk) Said(district string, c casework.Case, r casework.Report, text string) (string, error) {
	if !c.Secret {
		return text, nil
	}
	name, err := k.Vault.Reveal(district, NameField, r.Name)
	if err != nil {
		return "", err
	}
	phone, err := k.Vault.Reveal(district, PhoneField, r.Phone)
	return ident.Conceal(text, name, phone), err
}

// Names reports whether a text holds the name or the number of who sent a report.
func (k *Desk) Names(district string, r casework.Report, text string) (bool, error) {
	name, err := k.Vault.Reveal(district, NameField, r.Name)
	if err != nil {
		return false, err
	}
	phone, err := k.Vault.Reveal(district, PhoneField, r.Phone)
	return ident.Tells(text, name, phone), err
}

// Shown are pictures as a case takes them from its reporter: in a secret case
// without the names that their files had.
func Shown(c casework.Case, photos []document.Kept) []document.Kept {
	if !c.Secret {
		return photos
	}
	return nameless(photos)
}
