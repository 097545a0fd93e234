/** Use cases: the endpoint's registration, its sessions, delivery, shutdown. Plain loops on threads of their own. */
@NullMarked
package dev.vibe.runner.application;

import org.jspecify.annotations.NullMarked;
