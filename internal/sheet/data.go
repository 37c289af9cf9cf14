package sheet

// Data gives the bytes of the file as they were sent.
func (f File) Data() []byte { return f.first(int(f.size)) }
