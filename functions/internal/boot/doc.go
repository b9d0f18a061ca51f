// Package boot wires the pipeline: stores and settings in, a [monitor.Monitor]
// out. It is the one place where that is done, for the command as for the
// functions.
//
// A function is configured by its environment:
//
//	LEEWAY_BUCKET        the bucket that holds logs/, labels/, reference/ and config/
//	LEEWAY_STATE_BUCKET  the bucket that the state is kept in; the same one if not set
//	LEEWAY_CONFIG        a configuration (YAML), or the key of one in the bucket: that of
//	                     the model which it names, else of all that have no
//	                     config/<model>.yaml of their own
//	LEEWAY_LOG_LEVEL     debug, info, warn or error
//	LEEWAY_ID_KEY        makes the hashes of ids unreadable for who lacks it
//	LEEWAY_ID_KEY_SECRET_ARN  the secret that holds it instead
//
// Which adapters there are says each main itself, so that a function holds the
// client of its own cloud only.
package boot
