package exchange

import "linli/internal/lang"

// code is an entry of the code lists of GB/T 39046-2020, annex A. Every list is
// written out whole, also where linli uses a few of its codes alone.
type code struct {
	List string `json:"代码表" en:"code list" must:"yes"`
	Code string `json:"代码" en:"code" must:"yes"`
	Name string `json:"名称" en:"name" must:"yes"`
}

// The code lists, by the names of the fields that take from them.
const (
	listMatterType = "事项类型"
	listLevel      = "行使层级"
	listBody       = "实施主体性质"
	listServed     = "服务对象"
	listWay        = "办理形式"
	listCaseType   = "办件类型"
	listSpecial    = "特别程序"
	listContent    = "满意度"
	listStand      = "环节办理状态" // of table 7, not of the annex
)

var serviceCodes = []code{ // never changed
	{listMatterType, "00", "行政权力事项"}, {listMatterType, "01", "行政许可"}, {listMatterType, "02", "行政处罚"}, {listMatterType, "03", "行政强制"},
	{listMatterType, "04", "行政征收"}, {listMatterType, "05", "行政给付"}, {listMatterType, "06", "行政检查"}, {listMatterType, "07", "行政确认"},
	{listMatterType, "08", "行政奖励"}, {listMatterType, "09", "行政裁决"}, {listMatterType, "10", "其他类别事项"}, {listMatterType, "20", "公共服务事项"},
	{listLevel, "1", "国家级"}, {listLevel, "2", "省级"}, {listLevel, "3", "市级"}, {listLevel, "4", "县级"},
	{listLevel, "5", "镇（乡、街道）级"}, {listLevel, "6", "村（社区）级"}, {listLevel, "7", "分级管理"},
	{listBody, "1", "法定机关"}, {listBody, "2", "授权组织"}, {listBody, "3", "受委托组织"}, {listBody, "9", "其他"},
	{listServed, "1", "自然人"}, {listServed, "2", "企业法人"}, {listServed, "3", "事业法人"}, {listServed, "4", "社会组织法人"},
	{listServed, "5", "行政机关"}, {listServed, "6", "其他组织"},
	{listWay, "1", "窗口办理"}, {listWay, "2", "电脑端网上办理"}, {listWay, "3", "移动端网上申请"}, {listWay, "4", "快递申请"}, {listWay, "9", "其他"},
	{listCaseType, "1", "即办件"}, {listCaseType, "2", "承诺件"}, {listCaseType, "9", "其他"},
	{listSpecial, "1", "延长审批"}, {listSpecial, "2", "除延长审批之外的情况"},
	{listContent, "1", "非常满意"}, {listContent, "2", "满意"}, {listContent, "3", "基本满意"}, {listContent, "4", "不满意"}, {listContent, "5", "非常不满意"},
	{listStand, "1", "待办"}, {listStand, "2", "已办"},
}

func codesOf(list string) (all []string) {
	for _, c := range serviceCodes {
		if c.List == list {
			all = append(all, c.Code)
		}
	}
	return all
}

// nameOf is what a code of a list is called; empty for one that is not in it.
func nameOf(list, of string) string {
	for _, c := range serviceCodes {
		if c.List == list && c.Code == of {
			return c.Name
		}
	}
	return ""
}

func codeList(open Opener) (t Table, err error) {
	r, err := recordsTo[code](open, "codes", lang.T("代码表", "Code lists"), "代码表", "代码")
	if err == nil {
		for _, c := range serviceCodes {
			if err = r.put(c); err != nil {
				break
			}
		}
	}
	if shut := r.end(); err == nil {
		err = shut
	}
	return r.table, err
}
