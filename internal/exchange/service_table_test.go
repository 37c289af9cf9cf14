package exchange_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"linli/internal/db"
)

// What is written is held against records written by hand from the tables of
// GB/T 39046-2020: names of fields, codes and times are the standard's.
func TestServiceRecords(t *testing.T) {
	t.Parallel()
	s := serving(t)
	out := s.export()
	for _, c := range []struct {
		why, file, as string
		at            int // which of the case's records
		want          map[string]string
	}{
		{
			"table 4; a question is a service to the public; what the standard leaves optional and linli does not know is left out", "items", "d-consult", 0,
			map[string]string{
				"事项名称": "咨询", "基本编码": "d-consult", "实施编码": "d-consult", "事项类型": "公共服务事项", "事项类型代码": "20", "行使层级": "县级", "行使层级代码": "4",
				"承诺办结时限": "1", "承诺办结时限单位": "工作日", "承诺办结时限说明": "1 个工作日", "办理流程": "咨询", "行政管辖": "邻里区", "行政管辖代码": "990101", "咨询电话": "12345",
			},
		},
		{
			"table 5; of a double surname the given name goes, of a number its middle; promised, so 承诺件", "applications", "rated", 0,
			map[string]string{
				"办件编号": "rated", "实施编码": "d-consult", "事项名称": "咨询", "办件类型": "承诺件", "办件类型代码": "2",
				"申请者名称": "欧阳**", "手机号码": "138****0013", "申请时间": "20261123T102000", "行政区划": "990101001",
			},
		},
		{
			"table 6; one working day from Monday ends with the office hours of Tuesday", "acceptances", "rated", 0,
			map[string]string{
				"办件编号": "rated", "基本编码": "d-consult", "实施编码": "d-consult", "事项名称": "咨询", "受理单位": "区城市运行中心", "受理时间": "20261123T102000",
				"承诺办结时间": "20261124T173000", "办件类型": "承诺件", "办件类型代码": "2", "行政区划": "990101001",
			},
		},
		{
			"table 7; a step that was done, by whom behind a mask, and no word of the answer", "handlings", "rated", 2,
			map[string]string{
				"办件编号": "rated", "业务动作": "其他", "环节名称": "答复", "处理人": "杜*", "开始时间": "20261123T102200", "结束时间": "20261123T102300",
				"处理单位": "区市场监管局", "环节办理状态": "2",
			},
		},
		{
			"table 7; a step that is to be done has no action and no end", "handlings", "waits", 2,
			map[string]string{"办件编号": "waits", "环节名称": "处置", "开始时间": "20261123T102700", "处理单位": "市政养护中心", "环节办理状态": "1"},
		},
		{
			"table 7 and A.7; a pause is not a longer limit, and why it was asked is not told", "specials", "waits", 0,
			map[string]string{
				"办件编号": "waits", "特别程序种类名称": "除延长审批之外的情况", "特别程序种类代码": "2", "特别程序开始时间": "20261123T102800",
				"特别程序申请人": "吴*", "特别程序结果": "同意", "特别程序单位": "市政养护中心",
			},
		},
		{
			"table 8; answered, by who wrote the answer", "completions", "rated", 0,
			map[string]string{"办件编号": "rated", "办理人": "杜*", "办结时间": "20261123T102400", "结果描述": "已答复", "行政区划": "990101001"},
		},
		{
			"table 8; what was turned away is completed", "completions", "refused", 0,
			map[string]string{"办件编号": "refused", "办理人": "郭*", "办结时间": "20261123T103000", "结果描述": "不予受理", "行政区划": "990101001"},
		},
		{
			"table 9 and A.8; four of five stars is 满意, code 2, in linli's own count a 4", "ratings", "rated", 0,
			map[string]string{
				"办件编号": "rated", "评价时间": "20261123T102400", "评价次数": "1", "满意度": "满意", "满意度代码": "2", "行政区划": "990101001",
			},
		},
		{
			"table 11; an urging asks for no answer; by hand, so of no rule; and the supervisor's words are not told", "supervisions", "waits", 0,
			map[string]string{
				"办件编号": "waits", "督办内容": "催办：处置", "事项类型代码": "10", "督办发出时间": "20261123T102800", "状态产生时间": "20261123T102800",
				"监察结果描述": "已告知", "责任部门": "市政养护中心",
			},
		},
		{
			"the line of a case that runs: no end and no result", "cases", "waits", 0,
			map[string]string{
				"办件编号": "waits", "实施编码": "m06013", "事项名称": "道路破损", "申请时间": "20261123T102500", "承诺办结时间": "20261202T173000",
				"承办机构": "市政养护中心", "承办机构代码": "u-shizheng", "行政区划": "990101002",
			},
		},
	} {
		var found []map[string]string
		for _, one := range out.lines(t, c.file+".jsonl") {
			if name := s.as[one["办件编号"]]; name != "" {
				one["办件编号"] = name
			}
			if one["办件编号"] == c.as || c.file == "items" && one["实施编码"] == c.as {
				found = append(found, one)
			}
		}
		if len(found) <= c.at {
			t.Errorf("%s (%s): %d records of %s", c.why, c.file, len(found), c.as)
			continue
		}
		if diff := cmp.Diff(c.want, found[c.at]); diff != "" {
			t.Errorf("%s (%s): %s", c.why, c.file, diff)
		}
	}
	for _, one := range out.lines(t, "acceptances.jsonl") {
		if s.as[one["办件编号"]] == "refused" {
			t.Error("what was turned away was taken in")
		}
	}
}

// Nothing of an export names who reported, what anybody wrote, or that there is
// a case that was told in secret; of whoever objected to being looked at there is
// not even a mask.
func TestServiceRecordsNameNobody(t *testing.T) {
	t.Parallel()
	s := serving(t)
	number := s.cases["secret"].Number
	for name, file := range s.export() {
		text := file.String()
		for _, word := range []string{
			"欧阳小民", "李四", "张三", "王五", "13800000013", "13800000014", "13800000015", "13800000016", number, "杜微", "郭燕", "带身份证来", "等检测报告", "差点摔倒", "看过了", "假酒", "路面塌了",
		} {
			if strings.Contains(text, word) {
				t.Errorf("%s tells %q", name, word)
			}
		}
	}
	d := s.District()
	err := s.DB.Write(t.Context(), func(tx *db.Tx) error {
		return tx.Exec(t.Context(), `insert into restrictions (district, report_id, request, at, by_person, by_post)
			select district, id, '', 1, '', '' from reports where district = $1 and case_id = $2`, d.Code, string(s.cases["rated"].ID))
	})
	if err != nil {
		t.Fatal(err)
	}
	for name, file := range s.export() {
		if text := file.String(); strings.Contains(text, "欧阳") || strings.Contains(text, "0013") {
			t.Errorf("%s shows a mask of somebody who objected", name)
		}
	}
}
