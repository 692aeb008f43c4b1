package world

// ringSize is how many messages of a channel are remembered.
const ringSize = 1000

// ring is the recent chat of one channel. Its zero value is empty.
type ring struct {
	messages []ChatMessage // ID == "": deleted
	next     int           // where the next one goes, once the ring is full
	byID     map[string]int
	hidden   map[string]bool // ids that a ban or a cleared chat took from view; still deletable, as on Twitch
	writers  map[string]bool // who ever wrote
}

func (r *ring) add(m ChatMessage) {
	if r.byID == nil {
		r.byID, r.hidden, r.writers = map[string]int{}, map[string]bool{}, map[string]bool{}
	}
	r.writers[m.Sender.ID] = true
	if len(r.messages) < ringSize {
		r.byID[m.ID] = len(r.messages)
		r.messages = append(r.messages, m)
		return
	}
	delete(r.byID, r.messages[r.next].ID)
	delete(r.hidden, r.messages[r.next].ID)
	r.messages[r.next] = m
	r.byID[m.ID] = r.next
	r.next = (r.next + 1) % ringSize
}

func (r *ring) spoke(userID string) bool { return r.writers[userID] }

// get returns a message that is in view.
func (r *ring) get(id string) (ChatMessage, bool) {
	if r.hidden[id] {
		return ChatMessage{}, false
	}
	return r.find(id)
}

// find returns a message that was not deleted one by one.
func (r *ring) find(id string) (ChatMessage, bool) {
	i, ok := r.byID[id]
	if !ok {
		return ChatMessage{}, false
	}
	return r.messages[i], true
}

func (r *ring) remove(id string) {
	if i, ok := r.byID[id]; ok {
		r.messages[i] = ChatMessage{}
		delete(r.byID, id)
		delete(r.hidden, id)
	}
}

// hideOf hides all messages of a user, or of all users if the ID is "".
func (r *ring) hideOf(userID string) {
	for _, m := range r.messages {
		if m.ID != "" && (userID == "" || m.Sender.ID == userID) {
			r.hidden[m.ID] = true
		}
	}
}

func (r *ring) all() []ChatMessage {
	all := make([]ChatMessage, 0, len(r.byID))
	for i := range r.messages {
		if m := r.messages[(r.next+i)%len(r.messages)]; m.ID != "" && !r.hidden[m.ID] {
			all = append(all, m)
		}
	}
	return all
}
