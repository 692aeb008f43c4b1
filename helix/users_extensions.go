package helix

// UpdateParams returns the params that keep all slots as they are, for
// [UsersService.UpdateExtensions]: get the active extensions, change the params, send
// them. A slot that the params do not name is left alone by Twitch; to empty one, set
// Active to false.
func (a *ActiveExtensions) UpdateParams() UpdateUserExtensionsParams {
	return UpdateUserExtensionsParams{
		Panel:     slots(a.Panel, false),
		Overlay:   slots(a.Overlay, false),
		Component: slots(a.Component, true),
	}
}

// slots turns what is in slots into what to put there. Only components have a place.
func slots(active map[string]ActiveExtension, placed bool) map[string]ExtensionSlot {
	if active == nil {
		return nil
	}
	params := make(map[string]ExtensionSlot, len(active))
	for number, e := range active {
		slot := ExtensionSlot{Active: e.Active, ID: e.ID, Version: e.Version}
		if placed && e.Active {
			slot.X, slot.Y = new(e.X), new(e.Y)
		}
		params[number] = slot
	}
	return params
}
