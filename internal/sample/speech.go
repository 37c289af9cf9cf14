package sample

import (
	_ "embed"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

//go:embed words/matters.yaml
var matterWords []byte

// topic is one matter as people speak of it.
type topic struct {
	Matter    string
	Photo     string
	Procedure string
	Weight    float64
	Danger    float64
	Say       []string // residents
	Worker    []string // grid workers
	Machine   []string // sensors
	EN        []string // residents, in English
	Done      []string // what the unit says when it is done, unless the sentence says after =>
}

// speech is how people of the district talk.
type speech struct {
	Near, NearEN []string
	Long, WhenEN []string
	Topics       []topic
}

// learn reads the words. They are embedded, so that an error is a mistake in
// this package and its test.
func learn() (speech, error) {
	var file struct {
		Near    []string
		NearEN  []string `yaml:"nearEN"`
		Long    []string
		WhenEN  []string `yaml:"whenEN"`
		Matters []topic
	}
	if err := yaml.Unmarshal(matterWords, &file); err != nil {
		return speech{}, err
	}
	for i := range file.Matters {
		t := &file.Matters[i]
		switch {
		case t.Procedure != "":
		case strings.HasPrefix(t.Matter, "c"):
			t.Procedure = "component-fault"
		default:
			t.Procedure = "city-event"
		}
	}
	return speech{file.Near, file.NearEN, file.Long, file.WhenEN, file.Matters}, nil
}

// when is a time of the day that has passed by that hour.
func when(d dice, hour int) string {
	past := []string{"昨天晚上", "昨天下午", "昨天"}
	switch {
	case hour >= 18:
		past = append(past, "今天下午", "今天中午", "傍晚")
	case hour >= 13:
		past = append(past, "今天中午", "今天早上", "今天上午")
	case hour >= 8:
		past = append(past, "今天早上", "今天一早")
	}
	return one(d, past)
}

// fill puts the slots of a sentence in.
func (s speech) fill(d dice, sentence string, a address, hour int) string {
	house := strconv.Itoa(d.from(1, 18)) + " 号楼 " + strconv.Itoa(d.from(1, 4)) + " 单元"
	return strings.NewReplacer(
		"{at}", a.zh, "{atEN}", a.en,
		"{near}", one(d, s.Near), "{nearEN}", one(d, s.NearEN),
		"{when}", when(d, hour), "{long}", one(d, s.Long), "{whenEN}", one(d, s.WhenEN),
		"{n}", strconv.Itoa(d.from(2, 6)), "{house}", house,
		"{area}", a.home, "{areaEN}", a.homeEN,
	).Replace(sentence)
}
