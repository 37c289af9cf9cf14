package me

import "linli/internal/web/page"

// pushWay has the reader's browser told.
func pushWay(v *page.View) error {
	if err := v.Subscribe(wayHolder(v)); err != nil {
		return err
	}
	return v.GoSaying("/me/ways", "记下了，有进展就通知这台设备。", "Kept; this device is told of news.")
}
