package capture

// valueEnd finds the end of the JSON value that starts at data[at], -1 if it does
// not end. What is in a list or an object is not looked at but for its brackets and
// strings.
func valueEnd(data []byte, at int) int {
	if at >= len(data) {
		return -1
	}
	switch data[at] {
	case '"':
		return stringEnd(data, at)
	case '[', '{':
		return bracketEnd(data, at)
	}
	end := at
	for end < len(data) && data[end] > ' ' && data[end] != ',' && data[end] != ']' && data[end] != '}' && data[end] != '"' && data[end] != ':' {
		end++
	}
	if end == at {
		return -1
	}
	return end
}

func stringEnd(data []byte, at int) int {
	for at++; at < len(data); at++ {
		switch data[at] {
		case '\\':
			at++
		case '"':
			return at + 1
		}
	}
	return -1
}

func bracketEnd(data []byte, at int) int {
	depth := 0
	for at < len(data) {
		switch data[at] {
		case '"':
			if at = stringEnd(data, at); at < 0 {
				return -1
			}
			continue
		case '[', '{':
			depth++
		case ']', '}':
			if depth--; depth == 0 {
				return at + 1
			}
		}
		at++
	}
	return -1
}

func blanks(data []byte, at int) int {
	for at < len(data) && (data[at] == ' ' || data[at] == '\t' || data[at] == '\n' || data[at] == '\r') {
		at++
	}
	return at
}

// element takes the first value of a list without its brackets, or of values that
// stand one after the other. ok is false at the end and where there is none.
func element(rest []byte) (v, left []byte, ok bool) {
	at := blanks(rest, 0)
	end := valueEnd(rest, at)
	if end < 0 {
		return nil, rest, false
	}
	v = rest[at:end]
	if at = blanks(rest, end); at < len(rest) && rest[at] == ',' {
		at++
	}
	return v, rest[at:], true
}

// elements counts them; false: they are no values.
func elements(rest []byte) (n int, good bool) {
	for {
		_, left, ok := element(rest)
		if !ok {
			return n, blanks(rest, 0) == len(rest)
		}
		rest = left
		n++
	}
}

// members hands the members of an object to take, nested ones as they stand. False:
// it is none. Keys are as they are written.
func members(data []byte, take func(key, v []byte)) bool {
	if len(data) < 2 || data[0] != '{' {
		return false
	}
	at := blanks(data, 1)
	for at < len(data) && data[at] == '"' {
		end := stringEnd(data, at)
		if end < 0 {
			return false
		}
		key := data[at+1 : end-1]
		if at = blanks(data, end); at >= len(data) || data[at] != ':' {
			return false
		}
		at = blanks(data, at+1)
		if end = valueEnd(data, at); end < 0 {
			return false
		}
		take(key, data[at:end])
		if at = blanks(data, end); at < len(data) && data[at] == ',' {
			at = blanks(data, at+1)
			continue
		}
		break
	}
	return at < len(data) && data[at] == '}'
}

// number tells whether text is a number of JSON.
func number(text []byte) bool {
	i := 0
	digits := func() bool {
		from := i
		for i < len(text) && text[i] >= '0' && text[i] <= '9' {
			i++
		}
		return i > from
	}
	if i < len(text) && text[i] == '-' {
		i++
	}
	from := i
	if !digits() || text[from] == '0' && i > from+1 {
		return false
	}
	if i < len(text) && text[i] == '.' {
		if i++; !digits() {
			return false
		}
	}
	if i < len(text) && text[i]|0x20 == 'e' {
		if i++; i < len(text) && (text[i] == '+' || text[i] == '-') {
			i++
		}
		if !digits() {
			return false
		}
	}
	return i == len(text)
}

const hex = "0123456789abcdef"

// quoted appends text as a JSON string.
func quoted(to, text []byte) []byte {
	to = append(to, '"')
	for _, c := range text {
		switch {
		case c == '"' || c == '\\':
			to = append(to, '\\', c)
		case c < ' ':
			to = append(to, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		default:
			to = append(to, c)
		}
	}
	return append(to, '"')
}
