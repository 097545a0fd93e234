package dev.vibe.runner.localserver;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ActivityTest {
    private final Activity activity = new Activity();

    @Test
    void aTurnOfClaudesIsWorkUntilItsResult() {
        assertEquals("idle", activity.name());
        activity.userSaid(TextNode.valueOf("hello"));
        assertEquals("working", activity.name());
        agent("{'type':'assistant'}");
        assertEquals("working", activity.name());
        agent("{'type':'result'}");
        assertEquals("idle", activity.name());
        agent("{'type':'system','subtype':'api_retry'}");
        assertEquals("idle", activity.name());
        agent("{'type':'system','subtype':'init'}"); // what waited behind the turn is the next one
        assertEquals("working", activity.name());
    }

    @Test
    void aRequestOfClaudesWaitsUntilSomebodyAnswers() {
        user("{'text':'hello'}");
        agent("{'type':'control_request','request_id':'r','request':{'tool_use_id':'t'}}");
        assertEquals("waiting", activity.name());
        user("{'type':'control_response','response':{'request_id':'r'}}");
        assertEquals("working", activity.name());
        agent("{'type':'control_request','request_id':'s','request':{'tool_use_id':'t'}}");
        agent("{'type':'control_cancel_request','request_id':'s'}");
        assertEquals("working", activity.name());
        agent("{'type':'control_request','request_id':'u','request':{'tool_use_id':'v'}}");
        agent("{'type':'user','message':{'content':[{'type':'tool_result','tool_use_id':'v'}]}}");
        assertEquals("working", activity.name());
    }

    @Test
    void aRequestOfCodexsWaitsUntilItIsResolved() {
        agent("{'method':'turn/started','params':{'turn':{'id':'1'}}}");
        agent("{'method':'item/commandExecution/requestApproval','id':0,'params':{'itemId':'i'}}");
        assertEquals("waiting", activity.name());
        agent("{'method':'serverRequest/resolved','params':{'requestId':0}}");
        assertEquals("working", activity.name());
        agent("{'method':'x','id':1}");
        user("{'id':1,'result':{}}");
        assertEquals("working", activity.name());
    }

    @Test
    void aTurnOfASubAgentOfCodexsIsNotTheWholeTurn() {
        agent("{'method':'turn/started','params':{'turn':{'id':'1'}}}");
        agent("{'method':'turn/started','params':{'turn':{'id':'2'}}}");
        agent("{'method':'turn/completed','params':{'turn':{'id':'2'}}}");
        assertEquals("working", activity.name());
        agent("{'method':'turn/completed','params':{'turn':{'id':'1'}}}");
        assertEquals("idle", activity.name());
    }

    @Test
    void anotherProcessOfTheAgentWaitsForNothing() {
        user("{'text':'hello'}");
        agent("{'type':'control_request','request_id':'r'}");
        agent("{'type':'vibe:notice','code':'runner-restarted'}");
        assertEquals("idle", activity.name());
    }

    private void agent(String json) {
        activity.agentSaid(Objects.requireNonNull(Wire.parse(json.replace('\'', '"'))));
    }

    private void user(String json) {
        activity.userSaid(Objects.requireNonNull(Wire.parse(json.replace('\'', '"'))));
    }
}
